import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, type Clock } from '@quotebridge/platform/core';
import { backoffMs } from '@quotebridge/platform/resilience';
import type { KubeClient, Selection } from './kube-client';
import { isGone, isKubeError } from './kube-error';
import { keyOf, type KubeObject, type ObjectMeta, type ResourceType } from './resource';

/** What a mirror is made of. */
export interface MirrorOptions {
  readonly client: KubeClient;
  readonly type: ResourceType;
  readonly selection: Selection;
  readonly clock: Clock;
  readonly random: () => number;
  /** An object came, changed (`before` is what was known) or went (`now` is undefined). */
  changed(now: KubeObject | undefined, before: KubeObject | undefined): void;
  /** Told when list or watch failed; the mirror goes on by itself. */
  trouble(message: string): void;
  /** Everything is read anew after this long, so that no missed change lives for ever. */
  readonly relistMs: number;
  /** A watch that says nothing for this long is dead. The server sends a bookmark about every minute. */
  readonly silenceMs: number;
  /** For a kind that the server may not know, now or ever: then there are none of it, and that is no trouble. */
  readonly optional?: {
    /** Until it is looked for again. */
    readonly lookMs: number;
    /** The kind came, or went, or was not there at the first look. */
    changed(isServed: boolean): void;
  };
}

const BACKOFF = { baseMs: 250, maxMs: 15_000 };
const WATCH_SECONDS = 290;
/** A watch that ends sooner, without a word, was none. */
const SHORTEST_WATCH_MS = 500;

/** Without the record of who owns which field: as large as the rest, and nobody here reads it. */
const slim = (object: KubeObject): KubeObject => {
  const { managedFields: _owners, ...metadata } = object.metadata as ObjectMeta & { managedFields?: unknown };
  return { ...object, metadata };
};

/**
 * A copy of the objects of one kind, kept fresh by list and watch. It survives what watches die of: an API server
 * that restarts, versions that are too old to go on from, and connections that fall silent without closing.
 */
export class Mirror {
  private objects = new Map<string, KubeObject>();
  private resourceVersion = '';
  private listedAt = 0;
  private heardAt = 0;
  private served: boolean | undefined;
  private loop: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private resolveSynced: () => void = () => undefined;
  /** Resolves when everything has been read once. */
  readonly synced = new Promise<void>((resolve) => (this.resolveSynced = resolve));

  constructor(private readonly options: MirrorOptions) {}

  start(): void {
    this.loop ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  get(key: string): KubeObject | undefined {
    return this.objects.get(key);
  }

  values(): IterableIterator<KubeObject> {
    return this.objects.values();
  }

  /** Milliseconds since the server was last heard of; grows when a watch is dead. */
  ageMs(): number {
    return this.heardAt === 0 ? Infinity : this.options.clock.now() - this.heardAt;
  }

  /** Whether the server knew the kind when it was asked last. */
  get isServed(): boolean {
    return this.served === true;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      try {
        if (this.isStale()) await this.relist();
        await this.follow();
        failures = 0;
      } catch (thrown) {
        if (this.stopping.signal.aborted) return;
        // Whatever was missed in between, a new list finds it.
        this.resourceVersion = '';
        const { optional, random } = this.options;
        if (optional !== undefined && isKubeError(thrown, 404)) {
          this.forget();
          failures = 0;
          await this.pause(optional.lookMs * (0.8 + 0.2 * random()));
          continue;
        }
        failures += 1;
        if (!isGone(thrown)) this.options.trouble(messageOf(thrown));
        await this.pause(backoffMs(failures, BACKOFF, this.options.random()));
      }
    }
  }

  private isStale(): boolean {
    return this.resourceVersion === '' || this.options.clock.now() - this.listedAt >= this.options.relistMs;
  }

  private async relist(): Promise<void> {
    const { client, type, selection, clock } = this.options;
    const { items, resourceVersion } = await client.list(type, selection);
    const before = this.objects;
    this.objects = new Map(items.map((item) => [keyOf(item), slim(item)]));
    this.resourceVersion = resourceVersion;
    this.listedAt = clock.now();
    this.heardAt = clock.now();
    for (const [key, now] of this.objects) {
      const known = before.get(key);
      if (known?.metadata.resourceVersion !== now.metadata.resourceVersion) this.options.changed(now, known);
    }
    for (const [key, known] of before) if (!this.objects.has(key)) this.options.changed(undefined, known);
    this.serve(true);
  }

  /** The server does not know the kind. */
  private forget(): void {
    const before = this.objects;
    this.objects = new Map();
    this.heardAt = this.options.clock.now();
    for (const known of before.values()) this.options.changed(undefined, known);
    this.serve(false);
  }

  private serve(isServed: boolean): void {
    const before = this.served;
    this.served = isServed;
    if (before !== isServed) this.options.optional?.changed(isServed);
    this.resolveSynced();
  }

  private async follow(): Promise<void> {
    const { client, type, selection, silenceMs, relistMs, random, clock } = this.options;
    // Never longer than until the next list, and spread, so that a restarted server is not asked by all at once.
    const left = Math.ceil((this.listedAt + relistMs - clock.now()) / 1000);
    const seconds = Math.max(1, Math.min(left, Math.round(WATCH_SECONDS * (0.8 + 0.2 * random()))));
    const from = { resourceVersion: this.resourceVersion, seconds, silenceMs };
    const begin = clock.now();
    let isSilent = true;
    for await (const { type: kind, object } of client.watch(type, selection, from, this.stopping.signal)) {
      isSilent = false;
      this.heardAt = clock.now();
      this.resourceVersion = object.metadata.resourceVersion ?? this.resourceVersion;
      if (kind !== 'BOOKMARK') this.take(kind === 'DELETED' ? undefined : slim(object), keyOf(object));
    }
    // Asking again at once would be a storm.
    if (isSilent && clock.now() - begin < SHORTEST_WATCH_MS) {
      throw new Error(`A watch of ${type.plural} ended at once and without a word`);
    }
    // A watch that ends as planned proves that the server is there.
    this.heardAt = clock.now();
  }

  private take(now: KubeObject | undefined, key: string): void {
    const before = this.objects.get(key);
    if (now === undefined) this.objects.delete(key);
    else this.objects.set(key, now);
    this.options.changed(now, before);
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
