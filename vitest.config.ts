import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // The built package, as the examples import it, is loaded by Node, and so are its source maps.
    server: { deps: { external: [/\/dist\//] } },
    pool: 'forks',
    // Every server of the tests is on this machine, also where a developer's calls go through a proxy.
    env: { no_proxy: '*' },
    // Loading Temporal's SDK takes longer than most tests; no test changes what another one loads.
    isolate: false,
    tags: [
      {
        name: 'long',
        description:
          'Every combination, other programs, or a server of its own: `npm run test:all` runs them too.',
      },
    ],
    // They wait for servers much of the time.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'refunds',
          include: ['test/**/*.test.ts'],
          exclude: ['test/model/**'],
          globalSetup: ['test/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'examples',
          include: ['examples/**/*.test.ts'],
          // They set up the runtime of the SDK, as an application does, and that can be done once in a process.
          isolate: true,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'model',
          include: ['test/model/*.test.ts'],
          // The workflow's own code runs in a Temporal that is nothing but memory.
          alias: [
            {
              find: /^@temporalio\/workflow$/,
              replacement: path.resolve(import.meta.dirname, 'test/model/temporal.ts'),
            },
          ],
          testTimeout: 300_000,
        },
      },
    ],
  },
});
