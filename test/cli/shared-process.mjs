// Runs command lines of the built program, each as if it were a process of its own: with its environment, input, output and
// exit code. Most of the time of a short command is the start of its process.
import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { runProgram } from '../../dist/cli/program.js';

const calls = new AsyncLocalStorage();

// Node does not let the exit code be redefined.
globalThis.process = new Proxy(process, {
  get: (all, name) => callWith(name)?.[name] ?? all[name],
  set(all, name, value) {
    (callWith(name) ?? all)[name] = value;
    return true;
  },
});

/** The call that is under way, if it has a property of its own with this name. */
function callWith(name) {
  const call = calls.getStore();
  return call && ['env', 'stdin', 'exitCode'].includes(name) ? call : undefined;
}

for (const name of ['stdout', 'stderr']) {
  const write = process[name].write.bind(process[name]);
  process[name].write = (text, ...rest) => {
    const call = calls.getStore();
    if (!call) return write(text, ...rest);
    call[name] += text;
    rest.findLast((each) => typeof each === 'function')?.();
    return true;
  };
}

// Each command listens for signals.
process.setMaxListeners(0);
process.on('disconnect', () => process.exit());
process.on('message', async ({ id, args, env, input }) => {
  const stdin = Readable.from([Buffer.from(input, 'base64')]);
  const call = { env, stdin, exitCode: undefined, stdout: '', stderr: '' };
  await calls.run(call, () => runProgram(args));
  process.send({ id, code: call.exitCode ?? 0, stdout: call.stdout, stderr: call.stderr });
});
