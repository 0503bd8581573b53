// The package's own worker in a process of its own.
import { serveWorker } from './worker.js';

serveWorker();
