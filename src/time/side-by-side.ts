/**
 * Runs several pieces of work at once. The first failure aborts the signal of all of them and is thrown once every piece
 * has ended, so that nothing goes on behind the back of whoever catches it.
 */
export async function sideBySide<T extends readonly Promise<unknown>[] | []>({
  signal,
  start,
}: {
  readonly signal: AbortSignal;
  readonly start: (signal: AbortSignal) => T;
}): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  const failed = new AbortController();
  const work = start(AbortSignal.any([signal, failed.signal]));
  try {
    return await Promise.all(work);
  } catch (error) {
    failed.abort(error);
    await Promise.allSettled(work);
    throw error;
  }
}
