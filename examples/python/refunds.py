"""Starts a refund, shows it, and decides on it, from Python: pip install temporalio

python refunds.py start '{"product": "worldtrade", "refundRequestId": "refund-1", "tradeId": "2026112200001"}'
python refunds.py show refund-1
python refunds.py decide refund-1 '{"decision": "send-again", "by": "Ana", "reason": "the balance is topped up"}'
"""

import asyncio
import json
import os
import sys

from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

TASK_QUEUE = os.environ.get("REFUND_TASK_QUEUE") or "worldfirst-refunds"


async def start(client: Client, request: dict) -> bool:
    """Starts a refund. False where its id is in use: nothing was started then."""
    try:
        await client.start_workflow(
            "refund",
            request,
            id=f"refund:{request['refundRequestId']}",
            task_queue=TASK_QUEUE,
            # One id is one refund: without this policy a refund that has ended could be sent a second time.
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
        return True
    except WorkflowAlreadyStartedError:
        return False


def handle_of(client: Client, refund_request_id: str) -> WorkflowHandle:
    return client.get_workflow_handle(f"refund:{refund_request_id}")


async def main(command: str, argument: str, decision: str = "") -> int:
    address = os.environ.get("TEMPORAL_ADDRESS") or "localhost:7233"
    client = await Client.connect(address, namespace=os.environ.get("TEMPORAL_NAMESPACE") or "default")
    if command == "start":
        started = await start(client, json.loads(argument))
        print("started" if started else "the id is in use: nothing was started")
        return 0
    if command == "show":
        view = await handle_of(client, argument).query("refund")
    else:
        try:
            # The answer is the refund as it is after the decision.
            view = await handle_of(client, argument).execute_update("decide", json.loads(decision))
        except WorkflowUpdateFailedError as error:
            print(f"The decision was refused: {error.cause}", file=sys.stderr)
            return 1
    print(json.dumps(view, indent=2))
    return 0


if __name__ == "__main__":
    code = asyncio.run(main(*sys.argv[1:]))
    sys.stdout.flush()
    # The SDK's own threads can crash Python while it ends, when all work is done (temporalio 1.35).
    os._exit(code)
