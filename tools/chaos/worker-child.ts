// A worker as it is shipped, in a process of its own.
import { serveWorker } from './worker.js';

serveWorker();
