import type { Fault, JsonObject } from '@quotebridge/platform/core';
import {
  INGEST,
  ingestSubject,
  outcomeSubject,
  type EventBus,
  type IngestBatch,
  type IngestRecord,
  type RecordOutcome,
  type Running,
} from '@quotebridge/platform/events';

/** Says what is wrong with a record; an empty list accepts it. */
type Judge = (record: IngestRecord, resource: string) => readonly Fault[];

/** Stands in for the components that own the resources: keeps what it accepts, answers every batch. */
export class Owner {
  readonly resources = new Map<string, JsonObject>();
  readonly batches: IngestBatch[] = [];
  judge: Judge = () => [];
  /** While false, batches are taken and never answered. */
  answers = true;
  private running: Running | undefined;

  private constructor(private readonly bus: EventBus) {}

  static async start(bus: EventBus, source: string, resources: readonly string[]): Promise<Owner> {
    const owner = new Owner(bus);
    owner.running = await bus.consume(
      {
        durable: `owner-of-${source}`,
        stream: INGEST,
        subjects: resources.map(ingestSubject),
        concurrency: 4,
        maxAttempts: 1,
        backoffMs: [100],
        ackWaitMs: 5_000,
        startAt: 'new',
      },
      async (delivery) => {
        const batch = delivery.json() as IngestBatch;
        if (batch.source === source) await owner.take(batch, delivery.id);
      },
    );
    return owner;
  }

  /** Resources of one kind, by `@type`. */
  ofType(type: string): JsonObject[] {
    return [...this.resources.values()].filter((resource) => resource['@type'] === type);
  }

  async stop(): Promise<void> {
    await this.running?.stop();
  }

  private async take(batch: IngestBatch, id: string): Promise<void> {
    this.batches.push(batch);
    if (!this.answers) return;
    const outcomes = batch.records.map((record) => this.apply(record, batch));
    const { run, batch: number, resource } = batch;
    await this.bus.publish(
      outcomeSubject(run),
      { run, batch: number, resource, outcomes },
      { id: `${id}/outcome`, key: run },
    );
  }

  private apply(record: IngestRecord, { resource, dryRun }: IngestBatch): RecordOutcome {
    const { externalId, id } = record;
    const faults = this.judge(record, resource);
    if (faults.length > 0) return { externalId, id, status: 'rejected', faults };
    const before = this.resources.get(id);
    if (record.op === 'delete') {
      if (dryRun !== true) this.resources.delete(id);
      return { externalId, id, status: before === undefined ? 'unchanged' : 'deleted' };
    }
    const after = { ...before, ...record.resource };
    if (dryRun !== true) this.resources.set(id, after);
    if (before === undefined) return { externalId, id, status: 'created' };
    const isSame = JSON.stringify(before) === JSON.stringify(after);
    return { externalId, id, status: isSame ? 'unchanged' : 'updated' };
  }
}
