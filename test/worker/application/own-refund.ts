// What an application's workflows module must not look like: its own workflow hides the one of `export *`.
export * from '../../../workflows/index.js';

/** Another workflow that has the name. */
export async function refund(): Promise<string> {
  return 'mine';
}
