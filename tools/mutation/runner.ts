import path from 'node:path';
import { createVitest, type Reporter, type TestModule } from 'vitest/node';
import { type Mutant, withMutants } from './mutants.js';
import type { Coverage, Task } from './within.js';

/** A mutant's task, and the test files that it needs. */
export interface Job extends Task {
  mutant: number;
  files: string[];
}

/** What the tests of a file meet, and how long they take, in milliseconds. */
export type Measured = Coverage & { duration: number };

/** What the tests made of a mutant. */
interface Verdict {
  mutant: number;
  /** The test that failed, or what went wrong; undefined where nothing did: the mutant has survived. */
  killedBy: string | undefined;
}

/** Runs the tests with mutants. */
export interface Runner {
  /** Which mutants the tests of a file meet. Rejects where a test fails without any mutant. */
  coverageOf(files: readonly string[]): Promise<Map<string, Measured>>;
  /** Tests each mutant. */
  test(jobs: readonly Job[]): Promise<Verdict[]>;
  close(): Promise<void>;
}

const WITHIN = path.resolve(import.meta.dirname, 'within.ts');

/**
 * Starts Vitest with the mutants in the sources that it serves; no file is changed. For each mutant a test file is made
 * up that makes it active and imports the real test files.
 */
export async function startRunner(mutants: readonly Mutant[], workers: number): Promise<Runner> {
  const madeUp = new Map<string, string>();
  const begun = new Set<string>();
  const ended = new Map<string, TestModule>();
  const nameIn = (id: string) => path.basename(id);
  let runs = 0;
  const reporter: Reporter = {
    onTestModuleQueued: ({ moduleId }) => void begun.add(nameIn(moduleId)),
    onTestModuleEnd: (module) => void ended.set(nameIn(module.moduleId), module),
  };
  const vitest = await createVitest(
    'test',
    {
      config: false,
      watch: false,
      include: [],
      pool: 'forks',
      // One process tests many mutants: loading the tests' libraries takes longer than the tests.
      isolate: false,
      maxWorkers: workers,
      testTimeout: 30_000,
      silent: true,
      reporters: [reporter],
      runner: WITHIN,
      // A mutant may well leave a rejected promise behind.
      dangerouslyIgnoreUnhandledErrors: true,
    },
    {
      plugins: [
        {
          name: 'mutants',
          enforce: 'pre',
          // Vite writes paths as they are below the root.
          resolveId: (id) => [id, path.join(path.resolve(), id)].find((each) => madeUp.has(each)),
          load: (id) => madeUp.get(id),
          transform(source, id) {
            const ours = mutants.filter(({ file }) => path.resolve(file) === id);
            return ours.length > 0 ? { code: withMutants(id, source, ours), map: null } : undefined;
          },
        },
      ],
    },
  );

  /** Runs made up test files, by name. One that begins and has no result has brought its process to its end. */
  async function run(sources: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, TestModule>> {
    begun.clear();
    ended.clear();
    madeUp.clear();
    // Vite keeps what it has once loaded, so that no two may have the same path.
    runs += 1;
    for (const [name, source] of sources) madeUp.set(path.resolve(`run-${runs}`, name), source);
    const project = vitest.getRootProject();
    await vitest.runTestSpecifications([...madeUp.keys()].map((id) => project.createSpecification(id)));
    return ended;
  }

  return {
    async coverageOf(files) {
      const names = files.map((file) => `coverage-of-${path.basename(file)}`);
      const modules = await run(
        new Map(names.map((name, index) => [name, testFile({ files: [files[index] ?? ''] })])),
      );
      return new Map(
        files.map((file, index) => {
          const module = modules.get(names[index] ?? '');
          const failure = module ? failureOf(module) : 'its process ended';
          if (!module || failure !== undefined)
            throw new Error(`${file} fails without any mutant: ${failure}`);
          const { coverage } = module.meta() as { coverage: Coverage };
          return [file, { ...coverage, duration: module.diagnostic().duration }];
        }),
      );
    },
    async test(jobs) {
      const nameOf = ({ mutant }: Job) => `mutant-${mutant}.ts`;
      const verdicts: Verdict[] = [];
      const groups: (readonly Job[])[] = [jobs];
      for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
        const modules = await run(new Map(group.map((job) => [nameOf(job), testFile(job)])));
        const left: Job[] = [];
        for (const job of group) {
          const module = modules.get(nameOf(job));
          if (module) verdicts.push({ mutant: job.mutant, killedBy: failureOf(module) });
          else if (group.length === 1) verdicts.push({ mutant: job.mutant, killedBy: 'its process ended' });
          else left.push(job);
        }
        // A process that ends takes others with it, so that each one that had begun is tested again, alone.
        const suspects = left.filter((job) => begun.has(nameOf(job)));
        const others = left.filter((job) => !suspects.includes(job));
        if (others.length > 0 && suspects.length === 0) throw new Error('Vitest tests nothing');
        groups.push(...suspects.map((job) => [job]), ...(others.length > 0 ? [others] : []));
      }
      return verdicts;
    },
    close: () => vitest.close(),
  };
}

/** Every test file loads the modules anew, for what a module does when it is loaded is mutated too. */
function testFile({ files, ...task }: Task & Pick<Job, 'files'>): string {
  const imports = files.map((file) => `await import(${JSON.stringify(path.resolve(file))});`);
  return `import { vi } from 'vitest';
    globalThis.__mutation.begin(${JSON.stringify(task)});
    vi.resetModules();
    ${imports.join('\n')}`;
}

function failureOf(module: TestModule): string | undefined {
  if (module.ok()) return undefined;
  const [failed] = module.children.allTests('failed');
  return failed?.fullName ?? module.errors()[0]?.message ?? 'a hook';
}
