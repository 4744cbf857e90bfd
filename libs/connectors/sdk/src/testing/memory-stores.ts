import { RateBudget, type RateLimits } from '@quotebridge/platform/resilience';
import type { Cursor } from '../cursor';
import type {
  BudgetUsage,
  Concern,
  ConnectorStores,
  Fingerprint,
  Listed,
  Note,
  Quarantined,
  WorkLease,
} from '../ports';
import type { RunRecord } from '../run-record';

const whole = <T>(items: readonly T[]): Listed<T> => ({ items });

/** The stores of an instance in memory, for tests of the engine. `step` is called before every write and may throw. */
export class MemoryStores implements ConnectorStores {
  readonly places = new Map<string, Cursor>();
  readonly mustCompare = new Set<string>();
  readonly records = new Map<string, RunRecord>();
  readonly rejected = new Map<string, Quarantined>();
  readonly prints = new Map<string, Fingerprint>();
  private readonly seen = new Set<string>();
  private readonly kept = new Map<string, Note>();

  constructor(private readonly step: () => void = () => undefined) {}

  /** Everything that lasts, to tell whether something changed. */
  get lasting(): string {
    const parts = [this.places, this.rejected, this.prints].map((map) => [...map]);
    return JSON.stringify([...parts, [...this.mustCompare]]);
  }

  readonly checkpoints: ConnectorStores['checkpoints'] = {
    load: async (stream) => this.places.get(stream),
    save: async (stream, cursor) => {
      this.step();
      this.places.set(stream, cursor);
    },
    mustCompare: async (stream) => this.mustCompare.has(stream),
    setMustCompare: async (stream, must) => {
      this.step();
      if (must) this.mustCompare.add(stream);
      else this.mustCompare.delete(stream);
    },
  };

  readonly runs: ConnectorStores['runs'] = {
    put: async (record) => void this.records.set(record._id, record),
    interruptOthers: async () => this.step(),
    openProcesses: async () =>
      [...this.records.values()].flatMap(({ endedAt, process }) =>
        endedAt === undefined && process !== undefined ? [process] : [],
      ),
    interruptOf: async (process, at) => {
      for (const record of this.records.values())
        if (record.process === process && record.endedAt === undefined)
          this.records.set(record._id, { ...record, state: 'interrupted', endedAt: at });
    },
    get: async (run) => this.records.get(run),
    lastSuccess: async () => [...this.records.values()].findLast(({ state }) => state === 'succeeded'),
    list: async () => whole([...this.records.values()]),
  };

  readonly quarantine: ConnectorStores['quarantine'] = {
    put: async (entries) => {
      if (entries.length > 0) this.step();
      for (const entry of entries) this.rejected.set(entry.externalId, entry);
    },
    resolve: async (_stream, ids) => {
      if (ids.length > 0) this.step();
      return ids.filter((id) => this.rejected.delete(id)).length;
    },
    get: async (_stream, id) => this.rejected.get(id),
    list: async () => whole([...this.rejected.values()]),
    count: async () => this.rejected.size,
    correct: async (_stream, id, record) => {
      const entry = this.rejected.get(id);
      if (entry !== undefined) this.rejected.set(id, { ...entry, record });
      return entry !== undefined;
    },
    pages: (_stream, size, only) => {
      const chosen = [...this.rejected.values()].filter(
        ({ externalId }) => only?.includes(externalId) ?? true,
      );
      return inPages(chosen, size);
    },
  };

  readonly fingerprints: ConnectorStores['fingerprints'] = {
    load: async (_stream, ids) =>
      new Map(
        ids.flatMap((id) => {
          const print = this.prints.get(id);
          return print === undefined ? [] : [[id, print] as const];
        }),
      ),
    save: async (_stream, prints) => {
      if (prints.length > 0) this.step();
      for (const print of prints) this.prints.set(print.externalId, print);
    },
    announce: async (_run, _stream, coming) => {
      if (coming.length > 0) this.step();
      for (const { externalId, ids } of coming)
        if (!this.prints.has(externalId)) this.prints.set(externalId, { externalId, ids, print: '' });
    },
    confirm: async (_run, stream, prints) => this.fingerprints.save(stream, prints),
    forget: async (_stream, ids) => {
      if (ids.length > 0) this.step();
      for (const id of ids) this.prints.delete(id);
    },
    externalIdOf: async (id) => [...this.prints.values()].find(({ ids }) => ids.includes(id))?.externalId,
    see: async (run, _stream, ids) => {
      this.step();
      for (const id of ids) this.seen.add(`${run}/${id}`);
    },
    unseen: (run, _stream, size) =>
      inPages(
        [...this.prints.values()].filter(({ externalId }) => !this.seen.has(`${run}/${externalId}`)),
        size,
      ),
  };

  readonly journal: ConnectorStores['journal'] = {
    get: async () => undefined,
    begin: async () => true,
    put: async () => undefined,
  };

  readonly notes: ConnectorStores['notes'] = {
    get: async (kind, key) => this.kept.get(`${kind}/${key}`)?.value,
    put: async (kind, notes) => {
      for (const note of notes) this.kept.set(`${kind}/${note.key}`, note);
    },
    pages: (_kind, size) => inPages([...this.kept.values()], size),
    clear: async () => this.kept.clear(),
  };

  private readonly concerned = new Map<string, Concern>();

  readonly concerns: ConnectorStores['concerns'] = {
    message: async (what, key) => this.concerned.get(`${what}/${key}`)?.message,
    put: async (concern) => void this.concerned.set(`${concern.what}/${concern.key}`, concern),
    remove: async (what, key) => void this.concerned.delete(`${what}/${key}`),
    counts: async () => {
      const counts = new Map<string, number>();
      for (const { what } of this.concerned.values()) counts.set(what, (counts.get(what) ?? 0) + 1);
      return counts;
    },
    list: async () => whole([...this.concerned.values()]),
  };

  readonly known = new Map<string, string>();

  readonly aliases: ConnectorStores['aliases'] = {
    of: async (ids) => new Map([...this.known].filter(([id]) => ids.includes(id))),
    save: async (pairs) => {
      for (const [id, target] of pairs) this.known.set(id, target);
    },
  };

  budget(limits: RateLimits): RateBudget {
    return new RateBudget(limits, { now: () => 0 });
  }

  budgetUsage(): Promise<BudgetUsage> {
    return Promise.resolve({ usedToday: 0 });
  }

  lease(): WorkLease {
    return { held: true, acquire: async () => true, release: async () => undefined };
  }

  leaseHolders(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }
}

async function* inPages<T>(items: readonly T[], size: number): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
