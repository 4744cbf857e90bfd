import { setTimeout as sleep } from 'node:timers/promises';
import {
  Refusal,
  isJsonObject,
  messageOf,
  type Clock,
  type Ids,
  type JsonObject,
} from '@quotebridge/platform/core';
import type { FaultKind, Faults } from '@quotebridge/sandbox/core';
import type { ObjectChange } from './object-change';

/** Ways in which a broker may deliver other than once and in order. `path` is the type of the event. */
export const EVENT_FAULTS: readonly FaultKind[] = [
  { name: 'eventTwice', description: 'An event is delivered twice.' },
  { name: 'eventLate', description: 'An event is delivered after the next one.' },
  { name: 'eventLost', description: 'An event is never delivered.' },
  { name: 'eventForged', description: 'Somebody with a wrong password delivers an event first.' },
];

const TRIES = 5;
const PAUSE_MS = 200;
const DELIVERY_MS = 30_000;
const MOST_NOTED = 500;

interface Subscription {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

const readSubscription = (body: unknown): Subscription => {
  const { url, user, password } = isJsonObject(body) ? body : {};
  if (typeof url === 'string' && typeof user === 'string' && typeof password === 'string')
    return { url, user, password };
  throw new Refusal(400, 'badSubscription', 'Send {"url":…,"user":…,"password":…}.');
};

/**
 * Delivers business events as CloudEvents in structured mode to a webhook that takes HTTP Basic, one after the other, each
 * until it is accepted: what SAP Event Mesh does for a queue with a webhook subscription.
 */
export class EventMesh {
  private readonly subscriptions: Subscription[] = [];
  private readonly noted: JsonObject[] = [];
  private readonly late: JsonObject[] = [];
  private readonly stopping = new AbortController();
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly faults: Faults,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  subscribe(body: unknown): void {
    this.subscriptions.push(readSubscription(body));
  }

  unsubscribe(): void {
    this.subscriptions.length = 0;
  }

  /** What was delivered, with what was answered. */
  deliveries(): readonly JsonObject[] {
    return this.noted;
  }

  publish(changes: readonly ObjectChange[]): void {
    if (this.subscriptions.length === 0) return;
    for (const change of changes) {
      const event = this.eventOf(change);
      this.queue = this.queue.then(() => this.play(event));
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.queue;
  }

  private eventOf({ object, keyField, key, what }: ObjectChange): JsonObject {
    return {
      specversion: '1.0',
      type: `sap.s4.beh.${object.toLowerCase()}.v1.${object}.${what}.v1`,
      source: '/default/sap.s4.beh/QB1CLNT100',
      id: this.ids.next(),
      time: new Date(this.clock.now()).toISOString(),
      datacontenttype: 'application/json',
      data: { [keyField]: key },
    };
  }

  private async play(event: JsonObject): Promise<void> {
    const target = { method: 'POST', url: `/events/${String(event['type'])}` };
    const shows = (name: string): boolean => this.faults.take(name, target) !== undefined;
    if (shows('eventLost')) return;
    if (shows('eventLate')) {
      this.late.push(event);
      return;
    }
    if (shows('eventForged')) await this.toAll({ ...event, id: this.ids.next() }, 'guessed');
    for (let left = shows('eventTwice') ? 2 : 1; left > 0; left -= 1) await this.toAll(event);
    for (const waiting of this.late.splice(0)) await this.toAll(waiting);
  }

  private async toAll(event: JsonObject, password?: string): Promise<void> {
    for (const subscription of this.subscriptions) {
      const forged = password === undefined ? {} : { password };
      await this.deliver({ ...subscription, ...forged }, event, password === undefined ? TRIES : 1);
    }
  }

  private async deliver(
    { url, user, password }: Subscription,
    event: JsonObject,
    tries: number,
  ): Promise<void> {
    const headers = {
      'content-type': 'application/cloudevents+json',
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    };
    for (let left = tries; left > 0 && !this.stopping.signal.aborted; left -= 1) {
      const status = await this.post(url, headers, JSON.stringify(event));
      this.noted.push({
        type: event['type'] ?? '',
        id: event['id'] ?? '',
        data: event['data'] ?? {},
        status,
      });
      if (this.noted.length > MOST_NOTED) this.noted.shift();
      if (typeof status === 'number' && status < 300) return;
      if (left > 1) await sleep(PAUSE_MS);
    }
  }

  private async post(url: string, headers: Record<string, string>, body: string): Promise<number | string> {
    try {
      const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(DELIVERY_MS)]);
      const reply = await fetch(url, { method: 'POST', headers, body, signal });
      await reply.arrayBuffer();
      return reply.status;
    } catch (thrown) {
      return messageOf(thrown);
    }
  }
}
