#!/usr/bin/env node
import { runProgram } from './program.js';

// The reader of the output may close it early (`list | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

await runProgram(process.argv.slice(2));
