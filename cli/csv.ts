/** A line of a CSV file, by RFC 4180, without its end. */
export function csvLine(cells: readonly (string | number | undefined)[]): string {
  return cells.map(cellOf).join(',');
}

function cellOf(value: string | number | undefined): string {
  const text = withoutFormula(String(value ?? ''));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Spreadsheet programs run a cell that begins with one of these characters as a formula, and ids and messages come from other
 * systems. An apostrophe makes it a text; https://owasp.org/www-community/attacks/CSV_Injection names the characters.
 */
function withoutFormula(text: string): string {
  const isNumber = /^[+-]?\d+(\.\d+)?$/.test(text);
  return /^[=+\-@\t\r\n]/.test(text) && !isNumber ? `'${text}` : text;
}
