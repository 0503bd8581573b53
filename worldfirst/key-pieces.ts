/** One key's share of a text: the content of a PEM block with its label, or bare base64 without a label. */
export interface Piece {
  label?: string;
  text: string;
}

const PEM = /-----BEGIN ([^-]+)-----(.*?)-----END \1-----/gs;

/** The beginning of a DER sequence, or of a whole PEM, in base64. */
const KEY_LIKE = /(?:MI|LS0tLS)[\w+/-]{30}/;

/** Whether a text is PEM, or base64 of a key. */
export function holdsKeyText(text: string): boolean {
  return text.includes('-----BEGIN ') || text.search(KEY_LIKE) === 0;
}

/**
 * Divides a text into the keys that it holds. PEM allows explanations around its blocks, and tools write them (`openssl
 * pkcs12`, `openssl rsa -text`), so they are left out; what looks like another key among them is not.
 */
export function piecesOf(text: string): Piece[] {
  const blocks: Piece[] = [];
  const rest = unescaped(text).replaceAll(PEM, (_, label: string, inner: string) => {
    blocks.push({ label, text: inner });
    return ',';
  });
  const bare = rest
    .split(/[,"'`]/)
    .map((part) => part.trim())
    .filter(
      (part) =>
        part !== '' && (blocks.length === 0 || /-----(?:BEGIN|END)/.test(part) || KEY_LIKE.test(part)),
    );
  return [...blocks, ...bare.map((part) => ({ text: part }))];
}

/**
 * Environment files and JSON often hold a PEM on one line, its line breaks written as backslash and n, and each tool on
 * the way may have escaped the backslash again. A key itself holds none.
 */
function unescaped(text: string): string {
  return text
    .replaceAll(/\\+u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll(/\\+[rnt]/g, '\n')
    .replaceAll('\\', '');
}
