import { Client, type WorkflowService } from '@temporalio/client';

const STATUSES = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** A status of gRPC that is an error. */
export type GrpcStatus = keyof typeof STATUSES;
export const GRPC_STATUSES = Object.keys(STATUSES) as GrpcStatus[];

/** An error as gRPC's library makes it. */
export function grpcError(status: GrpcStatus): Error {
  const code = STATUSES[status];
  const details = `a test lets this call fail with ${status}`;
  const metadata = { get: () => [], getMap: () => ({}) };
  return Object.assign(new Error(`${code} ${status}: ${details}`), { code, details, metadata });
}

/**
 * A client on the same connection, on which one call to Temporal is seen before it is made.
 * @param before makes the call fail by throwing
 */
export function interceptedClient(
  { connection, options }: Client,
  call: keyof WorkflowService,
  before: () => void,
): Client {
  const workflowService = new Proxy(connection.workflowService, {
    get: (service, name) => {
      const method = Reflect.get(service, name, service);
      if (name !== call) return method;
      return async (...args: unknown[]) => {
        before();
        return Reflect.apply(method, service, args);
      };
    },
  });
  const interceptedConnection = new Proxy(connection, {
    get: (target, name) => {
      if (name === 'workflowService') return workflowService;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return new Client({ connection: interceptedConnection, namespace: options.namespace });
}
