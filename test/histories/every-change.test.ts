// @module-tag long
import { readFileSync } from 'node:fs';
import { inject, test } from 'vitest';
import '../support/environment.js';
import { BREAKING, expectToBreak } from './changes.js';

const code = readFileSync(inject('workflowBundle'), 'utf8');
// replay.test.ts has the first one.
const [, ...others] = BREAKING;

test.each(others)(
  'a changed workflow, $change, breaks the refunds that are past the changed place, and no other',
  (change) => expectToBreak(code, change),
);
