import { mongo } from 'mongoose';

/** Why one write of many was refused; `code` is MongoDB's. */
export class WriteRefused extends Error {
  constructor(
    message: string,
    readonly code: number,
  ) {
    super(message);
  }
}

/**
 * The writes of an unordered bulk operation that the server refused, by position: all others are stored. Undefined
 * when something else failed, the write concern for example, so that nothing is known about any of them.
 */
export const bulkRefusals = (thrown: unknown): ReadonlyMap<number, WriteRefused> | undefined => {
  if (!(thrown instanceof mongo.MongoBulkWriteError)) return undefined;
  if (thrown.result.getWriteConcernError() !== undefined) return undefined;
  const errors = [thrown.writeErrors].flat();
  if (errors.length === 0) return undefined;
  return new Map(
    errors.map(({ index, errmsg, code }) => [index, new WriteRefused(errmsg ?? 'no reason given', code)]),
  );
};

const WRITTEN: PromiseSettledResult<void> = { status: 'fulfilled', value: undefined };

/** Does an unordered bulk operation of `count` writes, and tells what became of each; throws when that is not known of any. */
export const settledWrites = async (
  count: number,
  write: () => Promise<unknown>,
): Promise<PromiseSettledResult<void>[]> => {
  let refused: ReadonlyMap<number, WriteRefused> = new Map();
  try {
    await write();
  } catch (thrown) {
    const known = bulkRefusals(thrown);
    if (known === undefined) throw thrown;
    refused = known;
  }
  return Array.from({ length: count }, (_, index) => {
    const reason = refused.get(index);
    return reason === undefined ? WRITTEN : { status: 'rejected', reason };
  });
};
