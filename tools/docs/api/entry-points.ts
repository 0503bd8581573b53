/** What a user calls first. Its docstring has an example, and names its errors. */
export const CALLED_FIRST: readonly string[] = [
  'RefundClient',
  'isRefundError',
  'refund',
  'refundChildOptions',
  'waitUntilIdle',
  'createRefundActivities',
  'createRefundWorker',
  'RefundPlugin',
  'readWorkerConfig',
  'attentionWebhook',
  'registerSearchAttributes',
  'createNotificationHandler',
  'toNodeListener',
  'EncryptionCodec',
  'RemoteCodec',
  'encryptionDataConverter',
  'readDataConverter',
  'createCodecHandler',
  'referenceHash',
  'WorldFirstClient',
  'verifySignature',
  'createTestEnvironment',
  'startLocalRefunds',
  'startSandbox',
  'startTemporalServer',
  'TimeSkipper',
  'signAsWorldFirst',
];

/** Those of them that throw nothing of their own. */
export const NEVER_THROW: readonly string[] = [
  'isRefundError',
  'createRefundActivities',
  'toNodeListener',
  'verifySignature',
];
