import { isJsonObject } from '@quotebridge/platform/core';
import {
  ensureCollection,
  groupedInserts,
  type Collection,
  type GroupedCalls,
  type Store,
} from '@quotebridge/platform/store';
import { mongo } from 'mongoose';
import type { Transaction } from './transaction';

const COLLECTION = 'transactions';
const DAY_SECONDS = 24 * 3600;

interface TransactionDocument extends Omit<Transaction, 'id' | 'at' | 'amount'> {
  _id: string;
  at: Date;
  amount?: mongo.Decimal128;
}

/** Which transactions are wanted. */
export interface TransactionQuery {
  readonly from?: Date;
  readonly to?: Date;
  readonly caller?: string;
  readonly outcome?: string;
  readonly operation?: string;
  readonly orderId?: string;
  readonly orderNumber?: number;
  readonly errorId?: string;
  /** Where the page before ended. */
  readonly after?: string;
  readonly limit: number;
}

const toDocument = ({ id, at, amount, ...rest }: Transaction): TransactionDocument => ({
  _id: id,
  at: new Date(at),
  ...rest,
  ...(amount === undefined ? {} : { amount: mongo.Decimal128.fromString(amount) }),
});

const toTransaction = ({ _id, at, amount, ...rest }: TransactionDocument): Transaction => ({
  id: _id,
  at: at.getTime(),
  ...rest,
  ...(amount === undefined ? {} : { amount: amount.toString() }),
});

const cursorOf = ({ _id, at }: TransactionDocument): string =>
  Buffer.from(JSON.stringify({ at: at.getTime(), id: _id })).toString('base64url');

/** The place that a cursor stands for; undefined when it is none. */
export const readCursor = (text: string): { at: number; id: string } | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (!isJsonObject(value)) return undefined;
    const { at, id } = value;
    return typeof at === 'number' && typeof id === 'string' ? { at, id } : undefined;
  } catch {
    return undefined;
  }
};

const filterOf = ({ from, to, after, limit: _, ...equal }: TransactionQuery): Record<string, unknown> => {
  const { caller, ...rest } = equal;
  const place = after === undefined ? undefined : readCursor(after);
  const at = place && new Date(place.at);
  return {
    ...rest,
    ...(caller === undefined ? {} : { 'caller.id': caller }),
    ...(from || to ? { at: { ...(from ? { $gte: from } : {}), ...(to ? { $lt: to } : {}) } } : {}),
    ...(place ? { $or: [{ at: { $lt: at } }, { at, _id: { $lt: place.id } }] } : {}),
  };
};

/** The log of every call: who, what, with which payment, for how much, and how it ended. Calls that end together are one insert. */
export class TransactionLog {
  private readonly inserts: GroupedCalls<TransactionDocument, void>;

  private constructor(private readonly collection: Collection<TransactionDocument>) {
    this.inserts = groupedInserts(collection, { largest: 256, underWay: 2 });
  }

  static async open(store: Store, keepDays: number): Promise<TransactionLog> {
    await ensureCollection(store, COLLECTION, [
      { keys: { at: -1, _id: -1 } },
      { keys: { at: 1 }, options: { expireAfterSeconds: keepDays * DAY_SECONDS } },
      { keys: { orderNumber: 1, at: -1 }, options: { sparse: true } },
      { keys: { orderId: 1, at: -1 }, options: { sparse: true } },
      { keys: { errorId: 1 }, options: { sparse: true } },
      { keys: { 'caller.id': 1, at: -1, _id: -1 } },
      { keys: { operation: 1, at: -1, _id: -1 } },
      // Those that succeeded are nearly all, and are found by their time.
      {
        keys: { outcome: 1, at: -1, _id: -1 },
        options: { partialFilterExpression: { outcome: { $lt: 'succeeded' } } },
      },
    ]);
    return new TransactionLog(store.collection<TransactionDocument>(COLLECTION));
  }

  /** Resolves when the transaction is stored. */
  add(transaction: Transaction): Promise<void> {
    return this.inserts.call(toDocument(transaction));
  }

  /** A page, the latest first, and the cursor of the next one. */
  async page(query: TransactionQuery): Promise<{ items: Transaction[]; next?: string }> {
    const found = await this.collection
      .find(filterOf(query))
      .sort({ at: -1, _id: -1 })
      .limit(query.limit + 1)
      .toArray();
    const shown = found.slice(0, query.limit);
    const last = shown.at(-1);
    return {
      items: shown.map(toTransaction),
      ...(found.length > query.limit && last ? { next: cursorOf(last) } : {}),
    };
  }
}
