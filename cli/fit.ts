import stringWidth from 'string-width';

// Chinese is written without blanks: a line may end after any of its characters.
const MAY_BREAK = /(?<=\s)|(?<=[\p{Script=Han}\u3000-\u303f\uff00-\uffef])/u;

/**
 * Breaks text into lines of at most `width` columns; those after the first are indented. A word is never cut, even one
 * that is too long: it may be an id that somebody copies.
 */
export function wrapped(text: string, width: number, indent = 0): string {
  const lines = [''];
  for (const word of text.split(MAY_BREAK)) {
    const line = `${lines.at(-1)}${word}`;
    if (lines.at(-1) === '' || indent + stringWidth(line.trimEnd()) <= width) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines.map((line) => line.trimEnd()).join(`\n${' '.repeat(indent)}`);
}

/** Fills text up with blanks to so many columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** Text of at most so many columns: what is too much is cut out of its middle or off its end, and replaced by "…". */
export function shortened(text: string, width: number, cut: 'middle' | 'end'): string {
  if (stringWidth(text) <= width) return text;
  const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  const left = () => characters.length;
  while (left() > 0 && stringWidth(characters.join('')) > width - 1)
    characters.splice(cut === 'end' ? left() - 1 : Math.floor(left() / 2), 1);
  characters.splice(cut === 'end' ? left() : Math.ceil(left() / 2), 0, '…');
  return characters.join('');
}
