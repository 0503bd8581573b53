import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');

/** The TypeScript of a page, each snippet as a module of its own; one that begins with a file name keeps that name. */
function snippetsOf(page: string, text: string): { name: string; code: string }[] {
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ''], index) => {
    const named = /^\/\/ ([\w-]+)\.ts\n/.exec(code)?.[1];
    return { name: named ?? `${page.replace(/\W/g, '-')}-${index + 1}`, code: `${code}\nexport {};\n` };
  });
}

test('the snippets of the README and of the documentation compile against the built package', async () => {
  const pages = ['README.md', ...(await readdir(path.join(root, 'docs'))).map((name) => `docs/${name}`)];
  const texts = await Promise.all(
    pages
      .filter((page) => page.endsWith('.md'))
      .map(async (page) => snippetsOf(page, await readFile(path.join(root, page), 'utf8'))),
  );
  const snippets = texts.flat();
  expect(snippets.length).toBeGreaterThan(3);

  // Inside the package, so that its own name can be imported as a consumer would.
  const folder = await mkdtemp(path.join(root, '.snippets-'));
  try {
    await Promise.all(snippets.map(({ name, code }) => writeFile(path.join(folder, `${name}.ts`), code)));
    const config = {
      extends: '../tsconfig.json',
      include: [],
      files: snippets.map(({ name }) => `${name}.ts`),
    };
    await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
    const { stdout } = await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder], {
      cwd: root,
    }).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  } finally {
    await rm(folder, { recursive: true });
  }
});
