import { Rounds } from '@quotebridge/platform/core';
import type { ConsumerPart, Running } from '@quotebridge/platform/events';
import type { ConnectorStores, WorkLease } from './ports';

/** Parts into which the keys of events are divided: as many processes of an instance can work on them at once. */
const PARTS = 6;
const WORKERS = 'worker/';

/** What sharing the work of an instance needs. */
interface PartShareOptions {
  readonly stores: Pick<ConnectorStores, 'lease' | 'leaseHolders'>;
  /** Unique for this process. */
  readonly process: string;
  /** How long the others wait for a process that says nothing. */
  readonly leaseMs: number;
  /** Begins the work on a part. */
  readonly begin: (part: ConsumerPart) => Promise<Running>;
  readonly onError: (thrown: unknown) => void;
}

/** The parts of a worker, dealt out in turn to all that are there. Pure. */
export const partsOf = (worker: string, workers: readonly string[], parts = PARTS): readonly number[] => {
  const place = workers.indexOf(worker);
  const all = Array.from({ length: parts }, (_, index) => index);
  return all.filter((index) => place >= 0 && index % workers.length === place);
};

/** Starts all of it as one: when a piece cannot start, those that did are stopped again. */
export const allOf = async (starters: readonly (() => Promise<Running>)[]): Promise<Running> => {
  const running: Running[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((one) => one.stop()));
  };
  try {
    for (const start of starters) running.push(await start());
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { stop };
};

/** One part of the work: done by this process while it holds its lease and the part is its own. */
class SharedPart {
  private work: Running | undefined;
  private leaving: Promise<void> | undefined;

  constructor(
    private readonly lease: WorkLease,
    private readonly begin: () => Promise<Running>,
    private readonly onError: (thrown: unknown) => void,
  ) {}

  /** Takes the part, keeps it, or gives it up; what is in work ends first, and nobody else begins before. */
  async look(isMine: boolean): Promise<void> {
    if (this.leaving !== undefined) {
      await this.lease.acquire();
    } else if (isMine && (await this.lease.acquire())) {
      this.work ??= await this.begin();
    } else {
      this.leave();
    }
  }

  /** The store could not be asked: work goes on as long as the lease lasts. */
  lookAlone(): void {
    if (!this.lease.held) this.leave();
  }

  async stop(): Promise<void> {
    this.leave();
    await this.leaving;
  }

  private leave(): void {
    if (this.leaving !== undefined || (this.work === undefined && !this.lease.held)) return;
    const { work } = this;
    this.work = undefined;
    this.leaving = Promise.resolve(work?.stop())
      .then(() => this.lease.release())
      .catch(this.onError)
      .finally(() => (this.leaving = undefined));
  }
}

/**
 * Shares the work of an instance among its processes. Keys are divided into parts, each part has a lease, and each process takes
 * as many as are its share of those that are there. The events of a key stay in order, because one process at a time works on its part.
 * When a process ends the others have its parts at their next look (a third of `leaseMs`), when it is killed after `leaseMs` and a look.
 */
export class PartShare {
  private readonly self: WorkLease;
  private readonly parts: readonly SharedPart[];
  private rounds: Rounds | undefined;

  private constructor(private readonly options: PartShareOptions) {
    const { stores, process, leaseMs, begin, onError } = options;
    this.self = stores.lease(`${WORKERS}${process}`, process, leaseMs);
    this.parts = Array.from({ length: PARTS }, (_, index) => {
      const lease = stores.lease(`part/${index}`, process, leaseMs);
      return new SharedPart(lease, () => begin({ index, of: PARTS }), onError);
    });
  }

  /** Resolves when what is this process' own and free is being worked on; throws when that cannot begin. */
  static async start(options: PartShareOptions): Promise<Running> {
    const share = new PartShare(options);
    try {
      await share.look();
    } catch (thrown) {
      await share.stop();
      throw thrown;
    }
    share.rounds = new Rounds({
      round: () => share.round(),
      pauseMs: options.leaseMs / 3,
      onError: options.onError,
    });
    return share;
  }

  async stop(): Promise<void> {
    await this.rounds?.stop();
    await Promise.all(this.parts.map((part) => part.stop()));
    await this.self.release().catch(this.options.onError);
  }

  private async look(): Promise<void> {
    const { stores, process } = this.options;
    await this.self.acquire();
    const mine = new Set(partsOf(process, await stores.leaseHolders(WORKERS)));
    const looks = await Promise.allSettled(this.parts.map((part, index) => part.look(mine.has(index))));
    for (const look of looks) if (look.status === 'rejected') throw look.reason;
  }

  private async round(): Promise<void> {
    try {
      await this.look();
    } catch (thrown) {
      for (const part of this.parts) part.lookAlone();
      throw thrown;
    }
  }
}
