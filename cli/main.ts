#!/usr/bin/env node
import { EXIT } from './failure.js';
import { notWritable } from './file-error.js';
import { runProgram } from './program.js';

// The reader of the output may close it early (`list | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  const { message } = notWritable('stdout', error, 'What the command did before is not undone.');
  process.stderr.write(`error: ${message}\n`);
  process.exit(EXIT.badInput);
});

await runProgram(process.argv.slice(2));
