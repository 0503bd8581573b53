// The same as an ES module.
import own from './codec.cjs';

export const { dataConverter } = own;
