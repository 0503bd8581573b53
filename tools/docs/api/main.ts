// Writes the API reference into a folder, and prints what its docstrings lack. Started by `reference.ts`.
import path from 'node:path';
import { Application, type TypeDocOptions } from 'typedoc';
import { problemsOf } from './problems.js';

const [out = ''] = process.argv.slice(2);
const root = path.resolve(import.meta.dirname, '../../..');
const folders = [
  'client',
  'workflows',
  'activities',
  'worker',
  'notifications',
  'encryption',
  'worldfirst',
  'testing',
];

const options: Partial<TypeDocOptions> & Record<string, unknown> = {
  plugin: ['typedoc-plugin-markdown'],
  basePath: root,
  entryPoints: folders.map((folder) => path.join(root, folder, 'index.ts')),
  tsconfig: path.join(import.meta.dirname, 'tsconfig.json'),
  // `npm run types` has checked it.
  skipErrorChecking: true,
  logLevel: 'Error',
  readme: path.join(import.meta.dirname, 'introduction.md'),
  mergeReadme: true,
  out,
  router: 'module',
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  // Nobody constructs the errors, and the constructors of all other classes are documented.
  excludeNotDocumented: true,
  excludeNotDocumentedKinds: ['Constructor'],
  // A line number would change this page with every other change.
  disableSources: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  propertyMembersFormat: 'table',
  typeDeclarationFormat: 'table',
};
const application = await Application.bootstrapWithPlugins(options);
const project = await application.convert();
if (!project) throw new Error('TypeDoc made no reference');
await application.generateOutputs(project);
process.stdout.write(JSON.stringify(problemsOf(project)));
