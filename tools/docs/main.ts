// Writes the parts of the documentation that are made from the code: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { dashboardFile, dashboardText } from './dashboard.js';
import { pages } from './fill.js';
import { noticeSchemaFile, noticeSchemaText } from './notice-schema.js';

for (const { file, generated } of pages()) writeFileSync(file, generated);
writeFileSync(dashboardFile, dashboardText());
writeFileSync(noticeSchemaFile, noticeSchemaText());
