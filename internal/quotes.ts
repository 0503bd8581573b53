/** A text without the pair of quotes that encloses it, and without the blanks around it. */
export function withoutQuotes(text: string): string {
  // Stryker disable next-line ArrayDeclaration: the first entry is not read.
  const [, , inner] = /^\s*(["'])((?:(?!\1).)*)\1\s*$/s.exec(text) ?? [];
  return (inner ?? text).trim();
}
