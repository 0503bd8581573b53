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
        new Map(names.map((name, index) => [name, testFile({}, [files[index] ?? ''])])),
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
      const nameOf = ({ mutant }: Pick<Job, 'mutant'>) => `mutant-${mutant}.ts`;
      const verdicts: Verdict[] = [];
      for (let left = jobs; left.length > 0; left = left.filter((job) => !begun.has(nameOf(job)))) {
        const sources = left.map(({ files, ...task }) => [nameOf(task), testFile(task, files)] as const);
        const modules = await run(new Map(sources));
        if (begun.size === 0) throw new Error('Vitest tests nothing');
        for (const job of left.filter((each) => begun.has(nameOf(each)))) {
          const module = modules.get(nameOf(job));
          verdicts.push({ mutant: job.mutant, killedBy: module ? failureOf(module) : 'its process ended' });
        }
      }
      return verdicts;
    },
    close: () => vitest.close(),
  };
}

/** Every test file loads the modules anew, for what a module does when it is loaded is mutated too. */
function testFile(task: Task, files: readonly string[]): string {
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
