import { Rounds, type Clock } from '@quotebridge/platform/core';
import type { mongo } from 'mongoose';
import type { Filter, Store, StoredDocument } from './store';

const COLLECTION = 'migrations';
const AT_ONCE = 500;
const MINUTE = 60_000;
/** Replicas of the version before may write the old form for as long as an upgrade takes. */
const LOOK_FOR = 30 * MINUTE;
const LOOK_EVERY = 5 * MINUTE;

/**
 * A change of the form in which documents are stored, not of what they say: no revision and no event tells of it. Old and new
 * replicas work on the same data while it runs, so both must read both forms (docs/adr/0026).
 */
export interface DataMigration {
  /** Never used twice, such as `2026-12-quote-totals`. */
  readonly name: string;
  readonly collection: string;
  /** Finds what still has the old form; what was changed is found no more. */
  readonly where: Filter<StoredDocument>;
  /** Stages of an update by pipeline, for example `$set`, that make the new form of an old one. */
  readonly change: readonly mongo.Document[];
}

interface MigrationDocument {
  _id: string;
  /** When it was first looked for. */
  since: Date;
  changed: number;
  /** Nothing was found long enough after the beginning: it is not looked for any more. */
  done?: Date;
}

interface Some {
  readonly found: number;
  readonly changed: number;
  /** Where to go on; undefined at the end. */
  readonly last: string | undefined;
}

/** What migrations work with. */
export interface MigrationsOptions {
  readonly clock: Clock;
  /** Is told how many documents were changed, some hundred at once. */
  readonly changed: (name: string, count: number) => void;
  readonly onError: (thrown: unknown) => void;
  /** Milliseconds between two looks, five minutes unless given. */
  readonly lookEveryMs?: number;
}

/**
 * Brings documents into their new form beside requests, some hundred at once, where it stopped when it was stopped. One replica
 * at a time should run it; two do no harm. Looks again for half an hour, since replicas of the version before may still write.
 */
export class Migrations {
  private readonly rounds: Rounds;

  constructor(
    private readonly store: Store,
    private readonly migrations: readonly DataMigration[],
    private readonly options: MigrationsOptions,
  ) {
    this.rounds = new Rounds({
      round: (stopping) => this.pass(stopping),
      pauseMs: options.lookEveryMs ?? LOOK_EVERY,
      onError: options.onError,
    });
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  private async pass(stopping: AbortSignal): Promise<void> {
    const notes = this.store.collection<MigrationDocument>(COLLECTION);
    for (const migration of this.migrations) {
      const { name: _id } = migration;
      const now = new Date(this.options.clock.now());
      const note = await notes.findOneAndUpdate(
        { _id },
        { $setOnInsert: { since: now, changed: 0 } },
        { upsert: true, returnDocument: 'after' },
      );
      if (note === null || note.done !== undefined) continue;
      let found = 0;
      // By id: each document is looked at once in a pass, also one that its migration does not cure.
      for (let after: string | undefined = ''; after !== undefined && !stopping.aborted;) {
        const some = await this.changeSome(migration, after);
        after = some.last;
        found += some.found;
        if (some.changed > 0) await notes.updateOne({ _id }, { $inc: { changed: some.changed } });
      }
      if (stopping.aborted) return;
      if (found === 0 && now.getTime() - note.since.getTime() >= LOOK_FOR)
        await notes.updateOne({ _id }, { $set: { done: now } });
    }
  }

  private async changeSome({ name, collection, where, change }: DataMigration, after: string): Promise<Some> {
    const documents = this.store.collection(collection);
    const old = await documents
      .find({ $and: [{ _id: { $gt: after } }, where] }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(AT_ONCE)
      .toArray();
    const last = old.at(-1)?._id;
    if (last === undefined) return { found: 0, changed: 0, last };
    // Asked again: a request may have written one meanwhile.
    const still = { $and: [{ _id: { $in: old.map(({ _id }) => _id) } }, where] };
    const { modifiedCount } = await documents.updateMany(still, [...change]);
    this.options.changed(name, modifiedCount);
    return { found: old.length, changed: modifiedCount, last };
  }
}
