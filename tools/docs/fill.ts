import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SECTIONS } from './sections.js';

const FOLDER = path.resolve(import.meta.dirname, '../../docs');

/** A page of the documentation: its present text, and the text that the code makes. */
export interface Page {
  file: string;
  text: string;
  generated: string;
}

/** Every page with parts that are made from the code. */
export function pages(): Page[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(FOLDER, name))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }))
    .filter(({ text }) => text.includes('<!-- made from the code'))
    .map((page) => ({ ...page, generated: filled(page.text) }));
}

function filled(text: string): string {
  return text.replace(
    /(<!-- made from the code: ([\w-]+) -->)\n[\s\S]*?(<!-- end -->)/g,
    (_, start: string, name: string, end: string) => {
      const section = SECTIONS[name];
      if (!section) throw new Error(`there is no section "${name}"`);
      return `${start}\n\n${section()}\n\n${end}`;
    },
  );
}
