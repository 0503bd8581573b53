// Starts a refund, shows it, and decides on it, from Go.
//
//	go run . start '{"product":"worldtrade","refundRequestId":"refund-1","tradeId":"2026112200001"}'
//	go run . show refund-1
//	go run . decide refund-1 '{"decision":"send-again","by":"Ana","reason":"the balance is topped up"}'
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) < 2 || (args[0] == "decide" && len(args) < 3) {
		return errors.New("use: start REQUEST | show ID | decide ID DECISION")
	}
	temporal, err := client.Dial(client.Options{
		HostPort:  or(os.Getenv("TEMPORAL_ADDRESS"), client.DefaultHostPort),
		Namespace: or(os.Getenv("TEMPORAL_NAMESPACE"), client.DefaultNamespace),
	})
	if err != nil {
		return err
	}
	defer temporal.Close()

	var view json.RawMessage
	switch command := args[0]; command {
	case "start":
		return start(ctx, temporal, []byte(args[1]))
	case "show":
		answer, err := temporal.QueryWorkflow(ctx, "refund:"+args[1], "", "refund")
		if err != nil {
			return err
		}
		if err := answer.Get(&view); err != nil {
			return err
		}
	case "decide":
		update, err := temporal.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
			WorkflowID:   "refund:" + args[1],
			UpdateName:   "decide",
			Args:         []any{json.RawMessage(args[2])},
			WaitForStage: client.WorkflowUpdateStageCompleted,
		})
		if err != nil {
			return err
		}
		// The answer is the refund as it is after the decision.
		if err := update.Get(ctx, &view); err != nil {
			return fmt.Errorf("the decision was refused: %w", err)
		}
	default:
		return fmt.Errorf("no such command: %s", command)
	}
	fmt.Println(string(view))
	return nil
}

func start(ctx context.Context, temporal client.Client, request []byte) error {
	var id struct {
		RefundRequestID string `json:"refundRequestId"`
	}
	if err := json.Unmarshal(request, &id); err != nil {
		return err
	}
	_, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:        "refund:" + id.RefundRequestID,
		TaskQueue: or(os.Getenv("REFUND_TASK_QUEUE"), "worldfirst-refunds"),
		// One id is one refund: without this policy a refund that has ended could be sent a second time.
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		// Otherwise the SDK returns the run that is there already as if it had started it.
		WorkflowExecutionErrorWhenAlreadyStarted: true,
	}, "refund", json.RawMessage(request))
	var inUse *serviceerror.WorkflowExecutionAlreadyStarted
	if errors.As(err, &inUse) {
		fmt.Println("the id is in use: nothing was started")
		return nil
	}
	if err == nil {
		fmt.Println("started")
	}
	return err
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
