// Changes src/refund/ and src/worldfirst/ in every small way, one at a time, and shows which changes no test notices:
// `npm run mutation`, or `npm run mutation -- src/refund/fate.ts …` for some of the files.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { jobOf } from './jobs.js';
import { type Mutant, mutantsOf } from './mutants.js';
import { ROOMS, type Room } from './rooms.js';
import { startRunner } from './runner.js';
import { changeOf, compare, EXPLANATIONS } from './survivors.js';

/** In per cent. */
const LOWEST_SCORE = 90;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { workers: { type: 'string', default: '1' }, report: { type: 'string' } },
});
const isWanted = (file: string) => positionals.length === 0 || positionals.includes(file);

const mutants: Mutant[] = [];
const killers = new Map<number, string>();
for (const room of ROOMS) await mutate(room);
if (mutants.length === 0) throw new Error(`no file of ${positionals.join(', ')} can be mutated`);

const survivors = mutants.filter(({ id }) => !killers.has(id));
const { unexplained, outdated } = compare(
  survivors,
  EXPLANATIONS.filter(({ file }) => isWanted(file)),
);
const score = scoreOf(mutants);
console.log(`\n${row('all', mutants)}, ${survivors.length - unexplained.length} of them explained\n`);
for (const mutant of unexplained) {
  console.log(`survived: ${mutant.file}:${mutant.line}: ${changeOf(mutant)}\n    ${mutant.code}`);
}
for (const { file, change } of outdated) console.log(`explained, but dead or gone: ${file}: ${change}`);
if (values.report) writeFileSync(values.report, reportOf(mutants));
if (score < LOWEST_SCORE) console.log(`The score is below ${LOWEST_SCORE} %.`);
if (score < LOWEST_SCORE || unexplained.length > 0 || outdated.length > 0) process.exitCode = 1;

async function mutate({ sources, tests }: Room): Promise<void> {
  const ours = sources.filter(isWanted).map((file) => {
    const made = mutantsOf(file, readFileSync(file, 'utf8'), mutants.length + 1);
    mutants.push(...made);
    return made;
  });
  if (ours.length === 0) return;
  const runner = await startRunner(ours.flat(), Number(values.workers));
  const coverage = await runner.coverageOf(tests);
  for (const ofFile of ours.filter(({ length }) => length > 0)) {
    const jobs = ofFile.flatMap((mutant) => jobOf(mutant, coverage) ?? []);
    for (const { mutant, killedBy } of await runner.test(jobs)) if (killedBy) killers.set(mutant, killedBy);
    console.log(row(ofFile[0]?.file ?? '', ofFile));
  }
  await runner.close();
}

function row(name: string, of: readonly Mutant[]): string {
  const count = of.filter(({ id }) => !killers.has(id)).length;
  return `${name.padEnd(36)} ${String(of.length).padStart(5)} mutants  ${scoreOf(of).toFixed(1).padStart(5)} %  ${String(count).padStart(4)} survived`;
}

function scoreOf(of: readonly Mutant[]): number {
  return (100 * of.filter(({ id }) => killers.has(id)).length) / of.length;
}

function reportOf(of: readonly Mutant[]): string {
  const lines = of.map((mutant) => {
    const { id, file, line } = mutant;
    return { file, line, change: changeOf(mutant), killedBy: killers.get(id) ?? null };
  });
  return `${JSON.stringify(lines, undefined, 2)}\n`;
}
