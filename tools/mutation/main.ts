// Changes rules/ and worldfirst/ in every small way, one at a time, and shows which changes no test notices:
// `npm run mutation`, or `npm run mutation -- rules/submission.ts …` for some of the files.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { atLeastOne } from '../harness/numbers.js';
import { jobOf } from './jobs.js';
import { type Mutant, mutantsOf } from './mutants.js';
import { ROOMS, type Room } from './rooms.js';
import { startRunner } from './runner.js';
import { changeOf, compare, EXPLANATIONS } from './survivors.js';

/** In per cent. */
const LOWEST_SCORE = 90;
/** Which of its test files a mutant meets when: most are killed by the first one, and loading the others takes long. */
const STAGES = [
  [0, 1],
  [1, 3],
  [3, undefined],
] as const;
/** A process that tests more mutants than these grows too large. */
const AT_ONCE = 250;

const SOURCES = ROOMS.flatMap(({ sources }) => sources);

const command = new Command('npm run mutation --')
  .description(
    'Changes the rules in every small way, one at a time, and shows which changes no test notices.',
  )
  .argument('[files...]', 'files of rules/ and worldfirst/; all of them when none is named', oneMore, [])
  .option('--workers <n>', 'how many processes run tests', atLeastOne, 1)
  .option('--report <file>', 'where to write each mutant, and the test that killed it')
  .parse();
const { workers, report } = command.opts<{ workers: number; report?: string }>();
const files: string[] = command.processedArgs[0];
const isWanted = (file: string) => files.length === 0 || files.includes(file);

const mutants: Mutant[] = [];
const killers = new Map<number, string>();
let complaints = 0;
for (const room of ROOMS) await mutate(room);

console.log(`\n${row('all', mutants)}`);
if (report) writeFileSync(report, reportOf(mutants));
if (complaints > 0) console.log(`${complaints} mutants or explanations to look at, see above`);
if (scoreOf(mutants) < LOWEST_SCORE) console.log(`The score is below ${LOWEST_SCORE} %.`);
// Vitest has set it already, for tests have failed.
process.exitCode = complaints > 0 || scoreOf(mutants) < LOWEST_SCORE ? 1 : 0;

function oneMore(file: string, before: readonly string[]): string[] {
  const source = path.relative('.', file);
  if (!SOURCES.includes(source)) throw new InvalidArgumentError('It is no source of these two rooms.');
  return [...before, source];
}

async function mutate({ sources, tests }: Room): Promise<void> {
  const ours = sources.filter(isWanted).map((file) => {
    const made = mutantsOf(file, readFileSync(file, 'utf8'), mutants.length + 1);
    mutants.push(...made);
    return made;
  });
  const all = ours.flat();
  if (all.length === 0) return;
  const runner = await startRunner(all, workers);
  const coverage = await runner.coverageOf(tests);
  const jobs = all.flatMap((mutant) => jobOf(mutant, coverage) ?? []);
  for (const [from, to] of STAGES) {
    const left = jobs
      .filter(({ mutant, files }) => !killers.has(mutant) && files.length > from)
      .map((job) => ({ ...job, files: job.files.slice(from, to) }));
    for (let begin = 0; begin < left.length; begin += AT_ONCE) {
      const verdicts = await runner.test(left.slice(begin, begin + AT_ONCE));
      for (const { mutant, killedBy } of verdicts) if (killedBy) killers.set(mutant, killedBy);
      console.error(`${killers.size} of ${mutants.length} mutants are dead`);
    }
  }
  await runner.close();
  ours.forEach(tell);
}

/** Shows the score of a file, the survivors that are not explained, and the explanations that explain nothing. */
function tell(ofFile: readonly Mutant[]): void {
  const file = ofFile[0]?.file;
  if (file === undefined) return;
  console.log(row(file, ofFile));
  const { unexplained, outdated } = compare(
    survivorsOf(ofFile),
    EXPLANATIONS.filter((explanation) => explanation.file === file),
  );
  for (const mutant of unexplained) {
    console.log(`  survived: ${file}:${mutant.line}: ${changeOf(mutant).slice(0, 200)}`);
  }
  for (const { change } of outdated) console.log(`  explained, but dead or gone: ${change}`);
  complaints += unexplained.length + outdated.length;
}

function survivorsOf(of: readonly Mutant[]): Mutant[] {
  return of.filter(({ id }) => !killers.has(id));
}

function row(name: string, of: readonly Mutant[]): string {
  const counts = `${String(of.length).padStart(5)} mutants ${String(survivorsOf(of).length).padStart(4)} survived`;
  return `${name.padEnd(36)}${counts}  ${scoreOf(of).toFixed(1).padStart(5)} %`;
}

function scoreOf(of: readonly Mutant[]): number {
  return (100 * (of.length - survivorsOf(of).length)) / of.length;
}

function reportOf(of: readonly Mutant[]): string {
  const lines = of.map((mutant) => {
    const { id, file, line, code } = mutant;
    return { file, line, code, change: changeOf(mutant), killedBy: killers.get(id) ?? null };
  });
  return `${JSON.stringify(lines, undefined, 2)}\n`;
}
