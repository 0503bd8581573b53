// A team's own payload converter, which runs in workflows too: it adds metadata of its own.
const { DefaultPayloadConverter } = require('@temporalio/common');

class TeamPayloadConverter extends DefaultPayloadConverter {
  toPayload(value) {
    const payload = super.toPayload(value);
    return { ...payload, metadata: { ...payload.metadata, team: new Uint8Array([1]) } };
  }
}

exports.payloadConverter = new TeamPayloadConverter();
