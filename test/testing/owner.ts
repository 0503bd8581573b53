// Starts a Temporal server and prints its process id. The argument says what it does then: wait, end or fail.
import { startTemporalServer } from '../../testing/temporal-server.js';

const { pid } = await startTemporalServer();
console.log(pid);
const [, , then] = process.argv;
if (then === 'wait') setInterval(() => {}, 1_000);
if (then === 'fail') throw new Error('on purpose');
