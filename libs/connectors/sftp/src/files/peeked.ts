/** The first bytes of a stream (fewer when it has no more), and the stream as it was. */
export interface Peeked {
  readonly head: Buffer;
  readonly chunks: AsyncIterable<Buffer>;
  /** For who does not read the stream after all. */
  close(): Promise<void>;
}

/** Looks at how a stream begins. */
export const peeked = async (stream: AsyncIterable<Buffer>, length: number): Promise<Peeked> => {
  const rest = stream[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let size = 0;
  while (size < length) {
    const { done, value } = await rest.next();
    if (done === true) break;
    first.push(value);
    size += value.length;
  }
  async function* whole(): AsyncGenerator<Buffer> {
    try {
      yield* first;
      for (;;) {
        const { done, value } = await rest.next();
        if (done === true) return;
        yield value;
      }
    } finally {
      await rest.return?.();
    }
  }
  return {
    head: Buffer.concat(first).subarray(0, length),
    chunks: whole(),
    // A generator that was never begun would not close what is behind it.
    close: async () => void (await rest.return?.()),
  };
};
