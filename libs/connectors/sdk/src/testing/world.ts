import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestBatch, IngestOutcome, RecordOutcome } from '@quotebridge/platform/events';
import type { RunOrder } from '../run-order';
import type { RunRecord } from '../run-record';
import { CursorExpired, type Stream } from '../stream';
import { StreamRun } from '../stream-run';
import { MemoryStores } from './memory-stores';

/** When a world begins, milliseconds since the epoch. */
export const START = Date.UTC(2026, 0, 1);
/** Milliseconds since the epoch as a date-time. */
export const iso = (ms: number): string => new Date(ms).toISOString();

/** A record of the simulated source. */
export interface Row {
  readonly id: string;
  readonly stamp: number;
  readonly value: number;
}

/** Owner of the resources: what the batches came to. */
class Owner {
  readonly resources = new Map<string, JsonObject>();
  readonly batches: IngestBatch[] = [];
  refuses: (id: string) => boolean = () => false;

  take(batch: IngestBatch): IngestOutcome {
    this.batches.push(batch);
    const outcomes = batch.records.map(({ externalId, id, op, resource }): RecordOutcome => {
      if (this.refuses(id))
        return { externalId, status: 'rejected', faults: [{ path: '/value', message: 'no' }] };
      const before = this.resources.get(id);
      if (op === 'delete') {
        if (batch.dryRun !== true) this.resources.delete(id);
        return { externalId, id, status: before === undefined ? 'unchanged' : 'deleted' };
      }
      if (batch.dryRun !== true) this.resources.set(id, resource);
      if (before === undefined) return { externalId, id, status: 'created' };
      return { externalId, id, status: before['value'] === resource['value'] ? 'unchanged' : 'updated' };
    });
    const { run, batch: number, resource } = batch;
    return { run, batch: number, resource, outcomes };
  }
}

/** A source with its rows; reads are in order of (stamp, id), by pages, each a look at the rows as they are then. */
export class World {
  now = START;
  rows: Row[] = [];
  owner = new Owner();
  expired = false;
  stores = new MemoryStores();
  /** What an outcome waits for. */
  answered: () => Promise<void> = async () => undefined;
  private runs = 0;

  constructor(private readonly overlapMs = 0) {}

  stream(more: Partial<Stream> = {}): Stream {
    return {
      name: 'things',
      title: 'Things',
      entity: 'Thing',
      resource: 'thing',
      overlapMs: this.overlapMs,
      identity: ({ id }) => (typeof id === 'string' ? id : undefined),
      position: ({ id, stamp }) =>
        typeof id === 'string' && typeof stamp === 'number' ? { id, at: iso(stamp) } : undefined,
      read: (from) => this.read(from),
      map: ({ id, value, gone, bad }) => {
        if (bad === true) return { faults: [{ path: '/value', message: 'is bad' }] };
        const op = gone === true ? ('delete' as const) : ('upsert' as const);
        return [{ externalId: String(id), id: `t-${String(id)}`, op, resource: { value: value ?? null } }];
      },
      ...more,
    };
  }

  async *read(from: string | undefined): AsyncGenerator<readonly JsonObject[]> {
    if (this.expired && from !== undefined) throw new CursorExpired('the delta token is too old');
    const since = from === undefined ? 0 : Date.parse(from);
    const size = 3;
    let after: Row | undefined;
    for (;;) {
      const place = after;
      const page = this.rows
        .filter(({ stamp }) => stamp >= since)
        .filter(
          (row) =>
            place === undefined ||
            row.stamp > place.stamp ||
            (row.stamp === place.stamp && row.id > place.id),
        )
        .sort((a, b) => a.stamp - b.stamp || (a.id < b.id ? -1 : 1))
        .slice(0, size);
      if (page.length > 0) yield page.map((row) => ({ ...row }));
      if (page.length < size) return;
      after = page.at(-1);
    }
  }

  async run(ask: Partial<RunOrder> = {}, stream = this.stream()): Promise<RunRecord> {
    const deps = {
      instance: 'erp',
      stores: this.stores,
      submit: async (batch: IngestBatch) => {
        const outcome = this.owner.take(batch);
        await this.answered();
        return outcome;
      },
      clock: { now: () => this.now },
      redact: (text: string) => text,
      batchSize: 2,
      batchBytes: 10_000,
      window: 2,
    };
    const signal = new AbortController().signal;
    const order = {
      run: `run-${(this.runs += 1)}`,
      trigger: 'manual' as const,
      mode: 'delta' as const,
      signal,
    };
    return new StreamRun(stream, deps, { ...order, ...ask }).execute();
  }

  get published(): Record<string, unknown> {
    return Object.fromEntries([...this.owner.resources].map(([id, { value }]) => [id, value]).sort());
  }

  get wanted(): Record<string, unknown> {
    return Object.fromEntries(this.rows.map(({ id, value }) => [`t-${id}`, value]).sort());
  }
}
