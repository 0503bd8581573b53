import { expect, test } from 'vitest';
import { TEMPORAL_TOOLS_PAGE } from '../../rules/links.js';

test('the link to Temporal’s own tools leads to a page of the documentation', () => {
  expect(TEMPORAL_TOOLS_PAGE).toBe(
    'https://github.com/worldfirst-refunds/worldfirst-refunds/blob/main/docs/temporal-tools.md',
  );
});
