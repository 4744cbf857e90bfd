import { setTimeout as sleep } from 'node:timers/promises';
import { Clients } from './clients';
import { call, V4, type StreamedEvent } from './support';

/** Longest wait of a client between two requests: enough load to be hit in the middle of everything. */
const PACE_MS = 20;

/** A change that the catalog has acknowledged. */
export interface Acknowledged {
  readonly id: string;
  readonly kind: 'create' | 'patch' | 'delete';
  /** Number of the change within its resource; its description while it is the last one. */
  readonly step: number;
}

/** Clients that create, change and delete categories until they are told to stop. */
export class Load extends Clients {
  readonly acknowledged: Acknowledged[] = [];

  constructor(
    private readonly url: string,
    private readonly random: () => number,
    clients = 8,
  ) {
    super();
    this.begin(clients);
  }

  protected async work(client: number): Promise<void> {
    for (let made = 0; this.running && made < 5_000; made += 1) {
      const created = await this.send('POST', `${V4}/category`, {
        name: `c${client}-${made}`,
        description: '0',
      });
      if (created === undefined) continue;
      await this.change(String(created['id']));
    }
  }

  private async change(id: string): Promise<void> {
    const path = `${V4}/category/${id}`;
    this.acknowledged.push({ id, kind: 'create', step: 0 });
    const steps = Math.floor(this.random() * 5);
    for (let step = 1; step <= steps; step += 1) {
      if (await this.send('PATCH', path, { description: String(step) }))
        this.acknowledged.push({ id, kind: 'patch', step });
    }
    if (this.random() < 0.3 && (await this.send('DELETE', path)))
      this.acknowledged.push({ id, kind: 'delete', step: steps + 1 });
  }

  /** The body of a change that was made; undefined when it was not or nobody knows. */
  private async send(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Record<string, unknown> | undefined> {
    await sleep(this.random() * PACE_MS);
    const answer = await call(`${this.url}${path}`, method, body);
    if (answer && answer.status < 300) return answer.body;
    if (answer && answer.status !== 503)
      this.odd.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    await sleep(50);
    return undefined;
  }
}

const KIND: Readonly<Record<string, string>> = {
  CategoryCreateEvent: 'create',
  CategoryAttributeValueChangeEvent: 'patch',
  CategoryDeleteEvent: 'delete',
};

/**
 * What is wrong between the stored documents, the events in the stream and what clients were told; empty when
 * each state change has its event and each event its change, in order.
 */
export const discrepancies = (
  documents: readonly Readonly<Record<string, unknown>>[],
  events: readonly StreamedEvent[],
  acknowledged: readonly Acknowledged[],
): string[] => {
  const wrong: string[] = [];
  const byId = new Map<string, StreamedEvent[]>();
  for (const event of events) byId.set(event.id, [...(byId.get(event.id) ?? []), event]);
  const stored = new Map(documents.map((document) => [String(document['_id']), document]));

  for (const [id, document] of stored) {
    const own = byId.get(id) ?? [];
    if (own.length !== document['_rev'])
      wrong.push(`${id}: revision ${document['_rev']}, ${own.length} events`);
    if (own.at(-1)?.category['description'] !== document['description'])
      wrong.push(`${id}: the last event does not show what is stored`);
  }
  for (const [id, own] of byId) {
    const kinds = own.map(({ eventType }) => KIND[eventType] ?? eventType);
    const deleted = kinds.at(-1) === 'delete';
    if (deleted === stored.has(id))
      wrong.push(`${id}: ${deleted ? 'deleted, but stored' : 'neither stored nor deleted'}`);
    const expected = kinds.map((_, n) =>
      n === 0 ? 'create' : deleted && n === kinds.length - 1 ? 'delete' : 'patch',
    );
    if (kinds.join() !== expected.join()) wrong.push(`${id}: events in the order ${kinds.join()}`);
    const steps = own
      .slice(0, deleted ? -1 : undefined)
      .map(({ category }) => Number(category['description']));
    if (steps.some((step, n) => n > 0 && step <= (steps[n - 1] ?? 0)))
      wrong.push(`${id}: changes in the order ${steps.join()}`);
  }
  for (const { id, kind, step } of acknowledged) {
    const own = byId.get(id) ?? [];
    const found = own.some(
      ({ eventType, category }) =>
        KIND[eventType] === kind && (kind === 'delete' || category['description'] === String(step)),
    );
    if (!found) wrong.push(`${id}: ${kind} ${step} was acknowledged and has no event`);
  }
  return wrong;
};
