// TypeDoc needs the compiler's API, which TypeScript 7 does not have: here `typescript` is TypeScript 5.9.
import { register } from 'node:module';

const hook = `export function resolve(name, context, next) {
  return next(name === 'typescript' ? 'typescript-5.9' : name, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
