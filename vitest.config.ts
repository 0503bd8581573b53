import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Vitest begins with the largest files where it has no record of earlier runs, as on CI. These small ones take longest.
const LONGEST = [
  ...['fault-matrix/fault-matrix', 'chaos/chaos', 'workflows/another-run', 'cli/servers', 'workflows/races'],
  ...['histories/replay', 'encryption/cli', 'secrets/secrets', 'cluster/cluster', 'testing/time-skipper'],
  ...['model/workflow', 'web-ui/web-ui', 'bench/smoke', 'worker/plugin', 'docs/readme', 'demo/demo'],
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = (name: string) => (file: TestSpecification) => file.moduleId.endsWith(`/${name}.test.ts`);
    const first = LONGEST.flatMap((name) => files.filter(isLong(name)));
    const others = await super.sort(files.filter((file) => !first.includes(file)));
    return [...first, ...others];
  }
}

export default defineConfig({
  test: {
    // The built package, as the examples import it, is loaded by Node, and so are its source maps.
    server: { deps: { external: [/\/dist\//] } },
    pool: 'forks',
    // Every server of the tests is on this machine, also where a developer's calls go through a proxy.
    env: { no_proxy: '*' },
    // Loading Temporal's SDK takes longer than most tests; no test changes what another one loads.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // They wait for servers much of the time.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'refunds',
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: ['test/model/**'],
          globalSetup: ['test/support/global-setup.ts'],
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
