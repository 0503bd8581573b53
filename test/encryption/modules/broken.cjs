const fail = () => {
  throw new Error('the key service is away');
};

exports.dataConverter = { payloadCodecs: [{ encode: fail, decode: async () => fail() }] };
