// Many command lines, one after the other, in one process: each line of stdin is one of them.
import { createInterface } from 'node:readline';
import { runProgram } from '../../src/cli/program.js';

const before = { ...process.env };
let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { args, env } = JSON.parse(line) as { args: string[]; env: Record<string, string> };
  process.env = { ...before, ...env };
  await runProgram(args);
  count += 1;
  process.stdout.write(`\n[call ${count} ended with ${process.exitCode}]\n`);
}
process.exitCode = 0;
