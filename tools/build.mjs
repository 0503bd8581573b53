// Compiles the package, and bundles the workflow, so that a worker does not bundle it at its start.
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');
// Beside dist, so that it can be renamed. A build that runs at the same time has another folder.
const temporary = await mkdtemp(path.join(root, '.build-'));
const fresh = path.join(temporary, 'dist');
// It is CommonJS, so it is copied.
const FAILURE_CONVERTER = 'encryption/failure-converter.cjs';

try {
  compile();
  await chmod(path.join(fresh, 'cli/main.js'), 0o755);
  await copyFile(path.join(root, FAILURE_CONVERTER), path.join(fresh, FAILURE_CONVERTER));
  await bundle('workflow-bundle.js');
  await bundle('workflow-bundle-encoded-failures.js', path.join(fresh, FAILURE_CONVERTER));
  await replaceDist();
} catch (error) {
  // The compiler has printed its own errors.
  if (error.status === undefined) console.error(error);
  process.exitCode = 1;
} finally {
  await rm(temporary, { recursive: true, force: true });
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
  const ignore = () => {};
  const logger = {
    log: ignore,
    trace: ignore,
    debug: ignore,
    info: ignore,
    warn: console.warn,
    error: console.error,
  };
  const workflowsPath = path.join(fresh, 'workflows/index.js');
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    // No module keeps state of a refund, so all refunds share the modules.
    preloadModules: [workflowsPath],
    workflowInterceptorModules: [path.join(fresh, 'workflows/reset-detection.js')],
    failureConverterPath,
    logger,
    // Module names start here, so that they are the same in every build.
    webpackConfigHook: (config) => ({ ...config, context: temporary }),
  });
  await writeFile(path.join(fresh, file), withoutMachinePaths(code));
}

/** Removes this machine's paths from the bundle's source map. */
function withoutMachinePaths(code) {
  return code.replace(/(data:application\/json[^,]*;base64,)([\w+/=]+)/, (_, head, base64) => {
    const map = Buffer.from(base64, 'base64').toString('utf8');
    const portable = map.replaceAll(`${temporary}/`, '').replaceAll(root, '');
    return head + Buffer.from(portable).toString('base64');
  });
}

async function replaceDist() {
  for (let attempt = 1; ; attempt++) {
    await rename(dist, path.join(temporary, `old-${attempt}`)).catch(ignoreMissing);
    try {
      return await rename(fresh, dist);
    } catch (error) {
      // Another build has renamed its folder first.
      if (attempt === 10 || !['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) throw error;
    }
  }
}

function ignoreMissing(error) {
  if (error.code !== 'ENOENT') throw error;
}
