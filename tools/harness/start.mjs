// Runs a program of TypeScript as Node runs a built one. Whatever Node's arguments load, the threads of Temporal's worker
// load too; and with source maps on, each of the many small scripts that they compile costs a search for its map.
import { register } from 'tsx/esm/api';

register();
process.setSourceMapsEnabled(false);
await import(process.argv[2]);
