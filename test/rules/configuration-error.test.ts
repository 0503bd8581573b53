import { expect, it } from 'vitest';
import { ConfigurationError } from '../../rules/configuration-error.js';

it('a configuration error has a name, a code, and a line for each mistake', () => {
  const issues = [
    { path: 'TEMPORAL_ADDRESS', message: 'is missing' },
    { path: 'WORLDFIRST_TIMEOUT', message: 'is no interval' },
  ];
  const error = new ConfigurationError(issues);
  expect(error).toMatchObject({ name: 'ConfigurationError', code: 'CONFIGURATION', issues });
  expect(error.message).toBe(
    'The configuration is not valid:\n  TEMPORAL_ADDRESS is missing\n  WORLDFIRST_TIMEOUT is no interval',
  );
});
