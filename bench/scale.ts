import type { Progress } from './progress.js';
import type { ScaleLevel } from './results.js';
import type { Settings } from './settings.js';
import type { Surroundings } from './surroundings.js';

export async function measureScale(
  _surroundings: Surroundings,
  _settings: Settings,
  _progress: Progress,
): Promise<ScaleLevel[]> {
  return [];
}
