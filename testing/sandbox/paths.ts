import type { Operation } from '../../worldfirst/result-codes.js';

/** The prefix of every API's path. It is part of what is signed. */
export const PATH_PREFIX = '/amsin/api/v1/business';

const PATHS: Record<string, Operation | undefined> = {
  [`${PATH_PREFIX}/worldtrade/queryTradeOrder`]: 'queryTradeOrder',
  [`${PATH_PREFIX}/worldtrade/applyRefund`]: 'applyRefund',
  [`${PATH_PREFIX}/refund`]: 'refund',
  [`${PATH_PREFIX}/inquireRefund`]: 'inquireRefund',
};

/** The API of a path; undefined when no API has this path. */
export function operationOf(path: string): Operation | undefined {
  return PATHS[path];
}
