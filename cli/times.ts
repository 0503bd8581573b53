import { formatInterval } from '../rules/schedule.js';

/** For people: `2026-11-22 07:26:01`, in UTC. */
export function utc(time: string): string {
  return time.slice(0, 19).replace('T', ' ');
}

/** How long ago or ahead a time is: `3 h 2 min ago`, `in 5 min`. */
export function fromNow(time: string, now = Date.now()): string {
  const milliseconds = Date.parse(time) - now;
  if (Math.abs(milliseconds) < 1_000) return 'now';
  return milliseconds > 0 ? `in ${formatInterval(milliseconds)}` : `${formatInterval(-milliseconds)} ago`;
}

/** How long it is since then: `3 h 2 min`. */
export function since(time: string, now = Date.now()): string {
  return formatInterval(Math.max(0, now - Date.parse(time)));
}
