#!/usr/bin/env node
import { runProgram } from './program.js';

// Whoever reads the output may have seen enough (`list | head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

await runProgram(process.argv.slice(2));
