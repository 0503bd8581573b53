/**
 * The bytes of a request's body. One that is longer than `most` is read no further: what comes back is longer then, too.
 * @returns undefined where the client went away, or where the body holds no bytes
 */
export async function readBody({ body }: Request, most: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Stryker disable BlockStatement: a function that ends without a return gives undefined.
  try {
    for await (const chunk of body ?? []) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > most) break;
    }
    return Buffer.concat(chunks);
  } catch {
    return undefined;
  }
}
