// A team's own codec: it marks what it has encoded.
const MARK = ' in code';
const ENCODING = 'binary/marked';

const codec = {
  encode: async (payloads) =>
    payloads.map(({ metadata, data }) => ({
      metadata: { ...metadata, encoding: Buffer.from(ENCODING), original: metadata.encoding },
      data: Buffer.concat([data, Buffer.from(MARK)]),
    })),
  decode: async (payloads) =>
    payloads.map((payload) => {
      const { original, ...metadata } = payload.metadata;
      if (Buffer.from(metadata.encoding).toString() !== ENCODING) return payload;
      return { metadata: { ...metadata, encoding: original }, data: payload.data.subarray(0, -MARK.length) };
    }),
};

exports.dataConverter = { payloadCodecs: [codec] };
