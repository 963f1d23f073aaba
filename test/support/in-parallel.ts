/** Runs `body` for every item, at most `atOnce` at a time. */
export async function inParallel<T>(
  { items, atOnce }: { readonly items: readonly T[]; readonly atOnce: number },
  body: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      await body(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
