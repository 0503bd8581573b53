// Writes the parts of the documentation that are made from the code: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { REFERENCE_FOLDER, writeReference } from './api/reference.js';
import { dashboardFile, dashboardText } from './dashboard.js';
import { pages } from './fill.js';
import { noticeSchemaFiles } from './notice-schema.js';

for (const { file, generated } of pages()) writeFileSync(file, generated);
writeFileSync(dashboardFile, dashboardText());
for (const { file, text } of noticeSchemaFiles) writeFileSync(file, text);

for (const problem of await writeReference(REFERENCE_FOLDER)) {
  console.error(problem);
  process.exitCode = 1;
}
