import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { TEMPORAL_TOOLS_PAGE } from '../../rules/links.js';

test('the page that a refund links to is in the repository that package.json names', () => {
  const repository = packageJson.repository.url.replace(/^git\+|\.git$/g, '');
  expect(TEMPORAL_TOOLS_PAGE.startsWith(`${repository}/blob/main/docs/`)).toBe(true);
});
