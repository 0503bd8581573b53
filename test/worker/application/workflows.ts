// What an application's own workflows module looks like.
export * from '../../../workflows/index.js';

/** A workflow of the application's own. */
export async function greet(name: string): Promise<string> {
  return `hello ${name}`;
}
