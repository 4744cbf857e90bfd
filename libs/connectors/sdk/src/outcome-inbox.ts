import type { Ids } from '@quotebridge/platform/core';
import {
  INGEST,
  ingestSubject,
  outcomeSubject,
  type EventBus,
  type IngestBatch,
  type IngestOutcome,
  type Running,
} from '@quotebridge/platform/events';
import { consumerOwner } from './consumer-names';

/** The owner of the resource did not answer a batch in time, although it was sent again. */
export class OutcomeMissing extends Error {
  constructor(subject: string, run: string, batch: number) {
    super(
      `Nobody answered batch ${batch} of run ${run} on ${subject}; is the component that owns it running?`,
    );
    this.name = 'OutcomeMissing';
  }
}

/** How patiently outcomes are awaited. */
export interface OutcomePatience {
  /** Milliseconds until a batch is sent again. */
  readonly timeoutMs: number;
  /** Times a batch is sent in all. */
  readonly sends: number;
}

const CONSUMER_KEPT_NS = 3_600_000_000_000;

/**
 * Publishes ingest batches and waits for their outcomes. One consumer serves all runs of the process: run names
 * begin with the inbox's name, which is new for every process, so that replicas never take each other's outcomes.
 */
export class OutcomeInbox {
  private readonly waiting = new Map<string, (outcome: IngestOutcome | undefined) => void>();
  private abandoned = false;
  private consumption: Running | undefined;

  private constructor(
    private readonly bus: EventBus,
    private readonly instance: string,
    private readonly name: string,
    private readonly ids: Ids,
    private readonly patience: OutcomePatience,
    private readonly inject: (headers: Record<string, string>) => void,
  ) {}

  static async open(
    bus: EventBus,
    instance: string,
    ids: Ids,
    patience: OutcomePatience = { timeoutMs: 30_000, sends: 3 },
    inject: (headers: Record<string, string>) => void = () => undefined,
  ): Promise<OutcomeInbox> {
    const inbox = new OutcomeInbox(bus, instance, `${instance}-${ids.next()}`, ids, patience, inject);
    await inbox.listen();
    return inbox;
  }

  /** A name for a new run whose outcomes come here. */
  newRun(): string {
    return `${this.name}.${this.ids.next()}`;
  }

  /** Sends a batch and resolves with its outcome. Sent again when no answer comes: applying a batch twice is harmless. */
  async submit(batch: IngestBatch): Promise<IngestOutcome> {
    const subject = ingestSubject(batch.resource);
    const slot = `${batch.run}/${batch.batch}`;
    try {
      for (let send = 1; send <= this.patience.sends && !this.abandoned; send += 1) {
        const answered = this.answer(slot);
        const headers: Record<string, string> = {};
        this.inject(headers);
        const id = `${slot}/${send}`;
        await this.bus.publish(subject, batch, { id, key: `${batch.source}/${batch.resource}`, headers });
        const outcome = await answered;
        if (outcome !== undefined) return outcome;
      }
    } finally {
      this.waiting.delete(slot);
    }
    throw new OutcomeMissing(subject, batch.run, batch.batch);
  }

  /** Gives up every wait: what is still open fails, and is done again after the next start. */
  abandon(): void {
    this.abandoned = true;
    for (const answer of this.waiting.values()) answer(undefined);
  }

  /** Stops listening and removes the consumer. */
  async close(): Promise<void> {
    await this.consumption?.stop();
    await this.bus.forget(INGEST, this.durable).catch(() => undefined);
  }

  private get durable(): string {
    return `outcomes-${this.name}`;
  }

  private async listen(): Promise<void> {
    this.consumption = await this.bus.consume(
      {
        durable: this.durable,
        owner: consumerOwner(this.instance),
        stream: INGEST,
        subjects: [outcomeSubject(`${this.name}.*`)],
        concurrency: 64,
        maxAttempts: 1,
        backoffMs: [1_000],
        ackWaitMs: 10_000,
        startAt: 'new',
      },
      async (delivery) => {
        const outcome = delivery.json() as IngestOutcome;
        this.waiting.get(`${outcome.run}/${outcome.batch}`)?.(outcome);
      },
    );
    // A killed process leaves its consumer behind; the broker removes it after an hour without a reader.
    await this.bus.streams.consumers.update(INGEST, this.durable, { inactive_threshold: CONSUMER_KEPT_NS });
  }

  private answer(slot: string): Promise<IngestOutcome | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), this.patience.timeoutMs);
      this.waiting.set(slot, (outcome) => {
        clearTimeout(timer);
        resolve(outcome);
      });
    });
  }
}
