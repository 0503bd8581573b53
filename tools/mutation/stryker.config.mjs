// What `npm run mutation` changes, and what must notice it. See docs/mutation.md.
export default {
  mutate: ['{internal,rules,worldfirst}/*.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'tools/mutation/vitest.config.ts', pool: 'forks' },
  // TypeScript 7 has no compiler API with which Stryker could rewrite a tsconfig.json; Vitest needs none here.
  tsconfigFile: 'none',
  ignorePatterns: ['dist', 'docs', 'tools/*/results'],
  tempDirName: 'tools/mutation/results/sandbox',
  reporters: ['clear-text', 'progress', 'html', 'json'],
  clearTextReporter: { logTests: false, reportTests: false, reportScoreTable: true },
  htmlReporter: { fileName: 'tools/mutation/results/report.html' },
  jsonReporter: { fileName: 'tools/mutation/results/report.json' },
  incrementalFile: 'tools/mutation/results/incremental.json',
  // Many rules are tables, and the mutants of a table are static: they are tested too.
  warnings: { slow: false },
  // Every survivor is killed by a test, or explained beside its line.
  thresholds: { high: 100, low: 97, break: 97 },
};
