/** One sequence from two that are each in order; equal heads come from the left first. Reads one item ahead of each. */
export async function* mergeOrdered<T>(
  left: AsyncIterable<T>,
  right: AsyncIterable<T>,
  compare: (a: T, b: T) => number,
): AsyncGenerator<T> {
  const [a, b] = [left[Symbol.asyncIterator](), right[Symbol.asyncIterator]()];
  try {
    let [headA, headB] = [await a.next(), await b.next()];
    while (headA.done !== true || headB.done !== true) {
      if (headB.done === true || (headA.done !== true && compare(headA.value, headB.value) <= 0)) {
        if (headA.done === true) return;
        yield headA.value;
        headA = await a.next();
      } else {
        yield headB.value;
        headB = await b.next();
      }
    }
  } finally {
    await a.return?.();
    await b.return?.();
  }
}
