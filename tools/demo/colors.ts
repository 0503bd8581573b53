import picocolors from 'picocolors';

/** Colours on a terminal only: by itself the library also colours what runs in CI. */
export const colors = picocolors.createColors(Boolean(process.stdout.isTTY) && !process.env.NO_COLOR);
