import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const LIMIT_BYTES = 25_000;

test('a bundled client has at most 25 kB of this package, compressed, and no other package than Temporal’s', async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: [path.resolve(import.meta.dirname, '../../dist/client/index.js')],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    external: ['@temporalio/*'],
    metafile: true,
    write: false,
  });
  const [output] = outputFiles;
  expect(gzipSync(output?.contents ?? '').length).toBeLessThanOrEqual(LIMIT_BYTES);
  expect(Object.keys(metafile.inputs).filter((file) => file.includes('node_modules'))).toEqual([]);
  const external = Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.map((found) => found.path),
  );
  expect([...new Set(external)].filter((name) => !name.startsWith('node:')).sort()).toEqual([
    '@temporalio/client',
    '@temporalio/common',
    '@temporalio/workflow',
  ]);
});
