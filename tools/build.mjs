// Compiles the package, and bundles the workflow once so that a worker need not do it at its start.
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');
// Beside dist, so that it can be renamed; another build that runs at the same time has a folder of its own.
const workshop = await mkdtemp(path.join(root, '.build-'));
const fresh = path.join(workshop, 'dist');
// It is CommonJS as it stands.
const FAILURE_CONVERTER = 'encryption/failure-converter.cjs';

try {
  compile();
  await chmod(path.join(fresh, 'cli/main.js'), 0o755);
  await copyFile(path.join(root, FAILURE_CONVERTER), path.join(fresh, FAILURE_CONVERTER));
  await bundle('workflow-bundle.js');
  await bundle('workflow-bundle-encoded-failures.js', path.join(fresh, FAILURE_CONVERTER));
  await replaceDist();
} catch (error) {
  // The compiler has said what is wrong by itself.
  if (error.status === undefined) console.error(error);
  process.exitCode = 1;
} finally {
  await rm(workshop, { recursive: true, force: true });
}

function compile() {
  const tsc = path.join(
    path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin/tsc',
  );
  const args = ['-p', 'tsconfig.build.json', '--outDir', fresh];
  execFileSync(process.execPath, [tsc, ...args], { cwd: root, stdio: 'inherit' });
}

async function bundle(file, failureConverterPath) {
  const silence = () => {};
  const logger = {
    log: silence,
    trace: silence,
    debug: silence,
    info: silence,
    warn: console.warn,
    error: console.error,
  };
  const workflowsPath = path.join(fresh, 'workflows/index.js');
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    // No module of ours keeps anything of a refund, so all refunds share them.
    preloadModules: [workflowsPath],
    workflowInterceptorModules: [path.join(fresh, 'workflows/reset-detection.js')],
    failureConverterPath,
    logger,
    // Modules are named from here on, and so alike in every build.
    webpackConfigHook: (config) => ({ ...config, context: workshop }),
  });
  await writeFile(path.join(fresh, file), withoutMachinePaths(code));
}

/** The bundle's map names its sources as they lie on this machine; the package is read on others. */
function withoutMachinePaths(code) {
  return code.replace(/(data:application\/json[^,]*;base64,)([\w+/=]+)/, (_, head, base64) => {
    const map = Buffer.from(base64, 'base64').toString('utf8');
    const portable = map.replaceAll(`${workshop}/`, '').replaceAll(root, '');
    return head + Buffer.from(portable).toString('base64');
  });
}

async function replaceDist() {
  for (let attempt = 1; ; attempt++) {
    await rename(dist, path.join(workshop, `old-${attempt}`)).catch(ignoreMissing);
    try {
      return await rename(fresh, dist);
    } catch (error) {
      // Another build has put its own there meanwhile.
      if (attempt === 10 || !['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error;
    }
  }
}

function ignoreMissing(error) {
  if (error.code !== 'ENOENT') throw error;
}
