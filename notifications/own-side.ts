import type { KeyObject } from 'node:crypto';
import { ConfigurationError } from '../rules/configuration-error.js';
import { issuesOf } from '../worldfirst/errors.js';
import { clientOptions, type WorldFirstClientOptions } from '../worldfirst/options.js';

/** Whose notifications are accepted, and who acknowledges them; the same names and forms as for calls to WorldFirst. */
export type NotificationKeys = Pick<
  WorldFirstClientOptions,
  'clientId' | 'privateKey' | 'publicKeys' | 'keyVersion'
>;

/** What verifies a notification and signs its acknowledgement. */
export interface OwnSide {
  path: string;
  clientId: string;
  keyVersion: string;
  /** Signs the acknowledgement. */
  privateKey: KeyObject;
  /** WorldFirst's. */
  publicKeys: readonly KeyObject[];
}

const identity = clientOptions.pick({ clientId: true, privateKey: true, publicKeys: true, keyVersion: true });

/**
 * Checks the keys and the path.
 * @throws {@link ConfigurationError} with every mistake
 */
export function ownSide(keys: NotificationKeys, path: string): OwnSide {
  const read = identity.safeParse(keys);
  const issues = [
    ...(read.success
      ? []
      : issuesOf(read.error).map(({ path: at, message }) => ({ path: `keys.${at}`, message }))),
    ...(isRegisteredPath(path)
      ? []
      : [
          {
            path: 'path',
            message:
              'must be the path of the notification URL registered at WorldFirst, such as /worldfirst/notifications, without host and query',
          },
        ]),
  ];
  if (!read.success || issues.length > 0) throw new ConfigurationError(issues);
  return { ...read.data, path };
}

/** Whether it is a URL's path as it travels: visible ASCII, everything else percent-encoded, and neither query nor fragment. */
export function isRegisteredPath(path: string): boolean {
  return /^\/[!-"$->@-~]*$/.test(path);
}
