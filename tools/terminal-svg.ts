const COLUMN = 8.4;
const LINE = 19;
const MARGIN = 16;

const BACKGROUND = '#1e1e2e';
const FOREGROUND = '#cdd6f4';
const COLOURS: Record<number, string> = {
  31: '#f38ba8',
  32: '#a6e3a1',
  33: '#f9e2af',
  36: '#89dceb',
};

/** What a terminal of so many columns shows, colours and all, as a picture with a title. */
export function terminalSvg(output: string, columns: number, title: string): string {
  const lines = output.trimEnd().split(/\r?\n/);
  const width = Math.ceil(columns * COLUMN) + 2 * MARGIN;
  const height = lines.length * LINE + 2 * MARGIN;
  const texts = lines.map((line, row) => {
    const y = MARGIN + (row + 0.75) * LINE;
    return `<text y="${y}">${spansOf(line)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    '<style>text { font: 14px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }</style>',
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g fill="${FOREGROUND}">`,
    ...texts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** Each run of one look is placed by its column: fonts differ in how wide they are. */
function spansOf(line: string): string {
  let column = 0;
  let [colour, isBold, isDim] = [undefined as string | undefined, false, false];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it reads a terminal's control sequences
  return line.replace(/\u001b\[([\d;]*)m|[^\u001b]+/g, (text, codes?: string) => {
    if (codes === undefined) {
      const look = `${colour ? ` fill="${colour}"` : ''}${isBold ? ' font-weight="bold"' : ''}${isDim ? ' opacity="0.6"' : ''}`;
      const x = MARGIN + column * COLUMN;
      column += text.length;
      return `<tspan x="${x.toFixed(1)}" textLength="${(text.length * COLUMN).toFixed(1)}"${look}>${escaped(text)}</tspan>`;
    }
    for (const code of codes.split(';').map(Number)) {
      if (code === 0 || code === 39) colour = undefined;
      if (code === 0 || code === 22) [isBold, isDim] = [false, false];
      if (code === 1) isBold = true;
      if (code === 2) isDim = true;
      colour = COLOURS[code] ?? colour;
    }
    return '';
  });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
