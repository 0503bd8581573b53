/**
 * Maps each item of a source, so many at a time, and yields the results in the order of the source. After the first one that
 * fails nothing more is yielded.
 */
export async function* inOrder<Item, Result>(
  source: AsyncIterable<Item>,
  atOnce: number,
  map: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const underWay: Promise<Result>[] = [];
  for await (const item of source) {
    const mapped = map(item);
    // It is awaited when its turn comes; until then a rejection would end the process.
    mapped.catch(() => {});
    underWay.push(mapped);
    if (underWay.length >= atOnce) yield (await underWay.shift()) as Result;
  }
  for (const mapped of underWay) yield await mapped;
}
