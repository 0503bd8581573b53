// Runs a TypeScript program as Node runs a built one. The threads of Temporal's worker load what Node's arguments load, so
// tsx is registered here instead; and with source maps on, each small script that they compile costs a search for its map.
import { register } from 'tsx/esm/api';

register();
process.setSourceMapsEnabled(false);
await import(process.argv[2]);
