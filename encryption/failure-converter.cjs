// CommonJS, because the SDK loads a converter by require(), and bundles it into the workflows.
const { DefaultFailureConverter } = require('@temporalio/common');

/** Puts the messages and stack traces of failures where codecs reach them. */
exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
