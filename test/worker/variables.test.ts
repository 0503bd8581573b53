import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { readWorkerConfig } from '../../worker/index.js';
import { VARIABLES, type Variable } from '../../worker/variables.js';
import { clientOptions } from '../../worldfirst/options.js';

const VARIABLE_NAMES = Object.keys(VARIABLES);
const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const [partner, worldfirst] = [pair(), pair()];
const REQUIRED = {
  WORLDFIRST_BASE_URL: 'https://open-sea.worldfirst.com',
  WORLDFIRST_CLIENT_ID: '5J5Y60382Z3SLV02387',
  WORLDFIRST_PRIVATE_KEY: partner.privateKey,
  WORLDFIRST_PUBLIC_KEY: worldfirst.publicKey,
};

test('the required variables are those without which a worker does not start', () => {
  const required = Object.entries<Variable>(VARIABLES).filter(([, variable]) => variable.required);
  expect(required.map(([name]) => name)).toEqual(Object.keys(REQUIRED));
});

test("the defaults of the variables are the WorldFirst client's own", () => {
  const { worldfirst: fromVariables } = readWorkerConfig(REQUIRED);
  const fromClient = clientOptions.parse({
    baseUrl: REQUIRED.WORLDFIRST_BASE_URL,
    clientId: REQUIRED.WORLDFIRST_CLIENT_ID,
    privateKey: REQUIRED.WORLDFIRST_PRIVATE_KEY,
    publicKeys: REQUIRED.WORLDFIRST_PUBLIC_KEY,
  });
  const { pathPrefix, keyVersion, timeout, maxClockSkew } = fromClient;
  expect(fromVariables).toMatchObject({ pathPrefix, keyVersion, timeout, maxClockSkew });
});

test.each(VARIABLE_NAMES)('%s with one letter too many causes a warning with the right name', (name) => {
  const { warnings } = readWorkerConfig({ ...REQUIRED, [`${name}X`]: 'x' });
  expect(warnings).toEqual([`${name}X is not a known variable. Did you mean ${name}?`]);
});

test('a file variable with a missing letter causes a warning with the right name', () => {
  const { warnings } = readWorkerConfig({ ...REQUIRED, WORLDFIRST_PUBLIC_KEY_FIL: 'key.pem' });
  expect(warnings).toEqual([
    'WORLDFIRST_PUBLIC_KEY_FIL is not a known variable. Did you mean WORLDFIRST_PUBLIC_KEY_FILE?',
  ]);
});
