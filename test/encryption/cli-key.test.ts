import { expect, test } from 'vitest';
import { parseKeys } from '../../encryption/keys.js';
import { Cli } from '../cli/cli.js';

const cli = new Cli({});

test('`encryption-key` prints one entry of REFUND_ENCRYPTION_KEYS', async () => {
  const { code, stdout } = await cli.run(['encryption-key', '2026-11']);
  expect(code).toBe(0);
  expect(stdout.endsWith('\n')).toBe(true);
  expect(parseKeys(stdout)).toMatchObject({ keys: [{ id: '2026-11' }] });
});

test('without an id the key has the current date, and with --json one document', async () => {
  const { document } = await cli.json(['encryption-key']);
  expect(document.id).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(parseKeys(document.entry)).toMatchObject({ keys: [{ id: document.id }] });
});

test('an id that cannot be one: 2', async () => {
  const { code, stderr } = await cli.run(['encryption-key', 'a/b']);
  expect(code).toBe(2);
  expect(stderr).toContain('an id of 1 to 64 letters');
});
