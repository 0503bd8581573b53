const { dataConverter } = require('./codec.cjs');

exports.dataConverter = {
  ...dataConverter,
  payloadConverterPath: require.resolve('./payload-converter.cjs'),
};
