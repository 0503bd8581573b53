import { afterAll, inject } from 'vitest';
import { BenchContext } from '../../tools/bench/context.js';

/** The bench on the Temporal server of the tests. */
export function useBench(): BenchContext {
  const context = new BenchContext({
    temporal: 'dev',
    address: inject('temporalAddress'),
    namespace: 'default',
    sharedNamespace: true,
  });
  afterAll(() => context.stop());
  return context;
}
