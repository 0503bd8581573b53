// Starts a Temporal server, prints its process id, and does as its argument says: waits, ends, or fails.
import { startTemporalServer } from '../../testing/temporal-server.js';

const { pid } = await startTemporalServer();
console.log(pid);
const [, , then] = process.argv;
if (then === 'wait') setInterval(() => {}, 1_000);
if (then === 'fail') throw new Error('on purpose');
