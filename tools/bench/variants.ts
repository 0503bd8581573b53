/** One thing to measure: a workflow and its worker. */
export interface Variant {
  name: string;
  workflow: 'plain' | 'ours';
  /** Whether plain's reading activities run as local activities. */
  localReads?: boolean;
}

/** What is compared, in the order of the report. */
export const VARIANTS: readonly Variant[] = [
  { name: 'plain', workflow: 'plain' },
  { name: 'ours', workflow: 'ours' },
  { name: 'plain, with local reads', workflow: 'plain', localReads: true },
];
