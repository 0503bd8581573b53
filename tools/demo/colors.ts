import picocolors from 'picocolors';

/** Colours on a terminal only; by default the library also colours the output of CI. */
export const colors = picocolors.createColors(Boolean(process.stdout.isTTY) && !process.env.NO_COLOR);
