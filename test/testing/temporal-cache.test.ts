import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { cacheFolder } from '../../testing/temporal-cache.js';

afterEach(() => vi.unstubAllGlobals());

function on(platform: NodeJS.Platform): void {
  vi.stubGlobal('process', { ...process, platform });
}

test.each([
  ['linux', {}, join(homedir(), '.cache', 'worldfirst-refunds')],
  ['linux', { XDG_CACHE_HOME: '/xdg' }, join('/xdg', 'worldfirst-refunds')],
  ['linux', { XDG_CACHE_HOME: '' }, join(homedir(), '.cache', 'worldfirst-refunds')],
  ['darwin', { XDG_CACHE_HOME: '/xdg' }, join(homedir(), 'Library', 'Caches', 'worldfirst-refunds')],
  ['win32', { LOCALAPPDATA: '/local' }, join('/local', 'worldfirst-refunds', 'Cache')],
  ['win32', { LOCALAPPDATA: '/local', WORLDFIRST_REFUNDS_CACHE: '/mine' }, '/mine'],
] as const)('the cache on %s with %o', (platform, env, folder) => {
  on(platform);
  expect(cacheFolder(env)).toBe(folder);
});
