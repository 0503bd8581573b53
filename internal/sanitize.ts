/** What nobody sees, and what steers a terminal, breaks lines, or turns the order of the text round. */
const INVISIBLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** What others wrote, on one line and without the characters that nobody sees. */
export function singleLine(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ').replace(INVISIBLE, '');
}

/** The same JSON with the characters that nobody sees as escapes; JSON itself escapes some of them only. */
export function escapeInvisible(json: string): string {
  return json.replace(INVISIBLE, (character) =>
    // Where JSON is spread out it has line breaks, and in its texts there are none.
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
