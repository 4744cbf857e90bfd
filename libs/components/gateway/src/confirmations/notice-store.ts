import { stableId } from '@quotebridge/platform/core';
import { ensureCollection, type Collection, type Store } from '@quotebridge/platform/store';
import type { mongo } from 'mongoose';
import { oldBy, OutgoingStore, type Outgoing } from '../outgoing/outgoing-store';
import type { Progress } from './progress';

const NOTICES = 'confirmations';
const CALLBACKS = 'callbacks';

/** A confirmation for one receiver. */
export interface Notice extends Outgoing {
  readonly orderId: string;
  readonly status: Progress['status'];
}

interface Callback {
  _id: string;
  url: string;
  /** It is kept for a while after this; for ever without. */
  at?: Date;
  hasEnded?: true;
}

/** An order that somebody wants to place: under the same id another one may be tried first, and refused. */
export interface TriedOrder {
  readonly id: string;
  /** Stands for what is ordered; the order has it as well once it is placed. */
  readonly digest: string;
}

/** How long a callback is kept after news of this status, whichever is heard first. */
const keptAfter = (status: Progress['status'], at: Date): mongo.UpdateFilter<Callback> | mongo.Document[] => {
  // An order that the ERP has may take longer than anything is kept.
  if (status === 'confirmed') return [{ $set: { at: { $cond: ['$hasEnded', '$at', '$$REMOVE'] } } }];
  return { $set: status === 'refused' ? { at } : { at, hasEnded: true } };
};

/** The end of a callback begins anew, but for one that is kept for ever. */
const keptAsBefore = (at: Date): mongo.Document => {
  const isThere = { $ne: [{ $type: '$url' }, 'missing'] };
  const hasNoEnd = { $eq: [{ $type: '$at' }, 'missing'] };
  return { $cond: [{ $and: [isThere, hasNoEnd] }, '$$REMOVE', at] };
};

const keyOf = ({ id, digest }: TriedOrder): string => `${id}/${digest}`;

/** Confirmations that are to be sent, and where each order wants them. */
export class NoticeStore {
  private constructor(
    readonly messages: OutgoingStore<Notice>,
    private readonly callbacks: Collection<Callback>,
  ) {}

  static async open(store: Store): Promise<NoticeStore> {
    const messages = await OutgoingStore.open<Notice>(store, NOTICES, [{ keys: { orderId: 1 } }]);
    await ensureCollection(store, CALLBACKS, [oldBy('at')]);
    return new NoticeStore(messages, store.collection<Callback>(CALLBACKS));
  }

  /** Notes where an order wants its confirmation; before the order is placed. */
  async register(order: TriedOrder, url: string, at: Date): Promise<void> {
    await this.callbacks.updateOne({ _id: keyOf(order) }, { $setOnInsert: { url, at } }, { upsert: true });
  }

  /** Notes another address for an order that was placed, and that it has this status. */
  async redirect(order: TriedOrder, status: Progress['status'], url: string, at: Date): Promise<void> {
    await this.callbacks.updateOne({ _id: keyOf(order) }, [{ $set: { url, at: keptAsBefore(at) } }], {
      upsert: true,
    });
    // One that is not confirmed yet may be so by now: then what its news have left is right.
    if (status !== 'accepted') await this.callbackFor(order, status, at);
  }

  /** Where the order that was placed wants news of this status. An earlier version noted it under the id alone. */
  async callbackFor(order: TriedOrder, status: Progress['status'], at: Date): Promise<string | undefined> {
    const ofOrder = { _id: { $in: [keyOf(order), order.id] } };
    // Most orders have none, which a read tells far cheaper than a write that finds nothing.
    if ((await this.callbacks.findOne(ofOrder, { projection: { _id: 1 } })) === null) return undefined;
    const found = await this.callbacks.findOneAndUpdate(ofOrder, keptAfter(status, at), {
      sort: { _id: -1 },
    });
    return found?.url;
  }

  /** Stores what is to be told to these receivers, each news (`newsOf` its order) once however often it is heard. */
  async add(progress: Progress, news: string, urls: readonly string[], at: Date): Promise<void> {
    const { id: orderId, status } = progress;
    const notices = urls.map((url) => {
      const _id = stableId('gateway', 'confirmation', orderId, news, url);
      const facts = { event: `order.${status}`, eventId: _id, at: at.toISOString(), ...progress };
      return { _id, orderId, url, status, body: JSON.stringify(facts) };
    });
    await this.messages.add(notices, at);
  }
}
