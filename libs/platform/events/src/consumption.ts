import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { messageOf } from '@quotebridge/platform/core';
import { isForPart } from './consumer-part';
import {
  BrokerUnavailable,
  KEY_HEADER,
  ONLY_FOR_HEADER,
  PermanentError,
  type ConsumerSpec,
  type DeliveryHandler,
} from './delivery';
import { Recent } from './recent';
import type { Burial } from './dead-letter';
import { toDelivery } from './to-delivery';

const REOPEN_MS = 1_000;

/** Takes a message that could not be handled; resolves when it is stored. */
export type DeadLetterSink = (message: JsMsg, burial: Burial) => Promise<void>;

/** What a consumer tells its owner. */
export interface ConsumptionObserver {
  /** It begins to take messages that may become dead letters. */
  begin?(durable: string): void;
  retry(durable: string, subject: string, attempt: number, reason: string): void;
  deadLetter(durable: string, subject: string, reason: string): void;
}

/** Where a consumption gets its messages and puts those it cannot handle. */
export interface ConsumptionSource {
  /** Creates the consumer when it is not there; `pending` messages are with a process that may be gone. */
  open(): Promise<{ consumer: Consumer; pending: number }>;
  deadLetter: DeadLetterSink;
}

/**
 * Pulls messages and hands them to the handler: in order within a key, in parallel across keys. A failed message
 * is retried in place, so later messages of its key wait; a sign of life for every message in hand keeps the
 * broker from delivering it again, and one that comes again all the same is not handled twice. Acknowledged only
 * after the handler or after the dead letter is stored.
 */
export class Consumption {
  private readonly tails = new Map<string, Promise<void>>();
  /** Messages taken and not settled, by their place in the stream; the latest delivery of each. */
  private readonly inHand = new Map<number, JsMsg>();
  private readonly settled: Recent;
  private readonly wakeups = new Set<() => void>();
  private messages: ConsumerMessages | undefined;
  private signsOfLife: NodeJS.Timeout | undefined;
  private finished: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly source: ConsumptionSource,
    private readonly spec: ConsumerSpec,
    private readonly handler: DeliveryHandler,
    private readonly observer: ConsumptionObserver,
  ) {
    this.settled = new Recent(Math.max(1_024, spec.concurrency * 8));
  }

  /** Rejects when the consumer cannot be created. */
  async start(): Promise<void> {
    const opened = await this.source.open();
    if (Number.isFinite(this.spec.maxAttempts)) this.observer.begin?.(this.spec.durable);
    const sayEvery = Math.max(50, this.spec.ackWaitMs / 3);
    this.signsOfLife = setInterval(() => this.sayAlive(), sayEvery);
    this.finished = this.run(opened);
  }

  /** Stops pulling and waits for the messages in work. Those not finished are delivered again. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.messages?.stop();
    for (const wake of [...this.wakeups]) wake();
    await this.finished;
    await Promise.all(this.tails.values());
    clearInterval(this.signsOfLife);
  }

  /** Pulls until stopped. A consumer or stream that is gone (a broker that lost its data) is made again. */
  private async run(first: { consumer: Consumer; pending: number }): Promise<void> {
    for (let opened: typeof first | undefined = first; !this.stopping; opened = undefined) {
      try {
        const { consumer, pending } = opened ?? (await this.reopen());
        // A crashed predecessor's messages come back after the acknowledgement wait; newer ones of the same key
        // would overtake them, so wait for that first.
        if (pending > 0) await this.pause(this.spec.ackWaitMs + 100);
        if (!this.stopping) await this.pull(consumer);
      } catch (thrown) {
        this.observer.retry(this.spec.durable, '', 0, `the consumer ended: ${messageOf(thrown)}`);
      }
      await this.pause(REOPEN_MS);
    }
  }

  private async reopen(): Promise<{ consumer: Consumer; pending: number }> {
    await Promise.all(this.tails.values());
    // A stream made again counts from 1 again.
    this.settled.clear();
    return this.source.open();
  }

  private async pull(consumer: Consumer): Promise<void> {
    this.messages = await consumer.consume({
      max_messages: this.spec.concurrency,
      expires: 5_000,
      abort_on_missing_resource: true,
    });
    for await (const message of this.messages) {
      if (this.stopping) break;
      this.take(message);
    }
  }

  private take(message: JsMsg): void {
    const place = message.info.streamSequence;
    const key = message.headers?.get(KEY_HEADER) || message.subject;
    if (this.settled.has(place) || !this.isForUs(message, key)) return this.answer(() => message.ack());
    const known = this.inHand.has(place);
    this.inHand.set(place, message);
    if (known) return;
    const tail = (this.tails.get(key) ?? Promise.resolve())
      .then(() => this.handle(message, key, place))
      .finally(() => {
        if (this.tails.get(key) === tail) this.tails.delete(key);
      });
    this.tails.set(key, tail);
  }

  /** What is replayed is for one consumer, whichever of its parts has the key now. */
  private isForUs(message: JsMsg, key: string): boolean {
    const { durable, part } = this.spec;
    const onlyFor = message.headers?.get(ONLY_FOR_HEADER) || durable;
    return onlyFor === durable && isForPart(key, part);
  }

  private async handle(message: JsMsg, key: string, place: number): Promise<void> {
    const done = !this.stopping && (await this.untilHandled(message, key));
    const latest = this.inHand.get(place) ?? message;
    this.inHand.delete(place);
    // What is not done simply lapses: messages that are given back one by one can come again in another order.
    if (!done) return;
    this.settled.add(place);
    this.answer(() => latest.ack());
  }

  /** True when the message is done with, false when it is to be delivered again. */
  private async untilHandled(message: JsMsg, key: string): Promise<boolean> {
    for (let attempt = 1, wait = 0; ; wait += 1) {
      try {
        await this.handler(toDelivery(message, key, attempt));
        return true;
      } catch (thrown) {
        const reason = messageOf(thrown);
        const transient = thrown instanceof BrokerUnavailable || this.spec.isTransient?.(thrown) === true;
        const last = thrown instanceof PermanentError || (!transient && attempt >= this.spec.maxAttempts);
        const told = thrown instanceof PermanentError && thrown.told;
        if (last) return this.bury(message, { reason, attempts: attempt, told });
        if (!transient) attempt += 1;
        this.observer.retry(this.spec.durable, message.subject, attempt, reason);
        await this.pause(backoff(this.spec.backoffMs, wait));
        if (this.stopping) return false;
      }
    }
  }

  /** True as soon as the message is safe among the dead letters; while the broker refuses it, it stays in work. */
  private async bury(message: JsMsg, burial: Burial): Promise<boolean> {
    const { durable, backoffMs } = this.spec;
    for (let wait = 0; !this.stopping; wait += 1) {
      try {
        await this.source.deadLetter(message, burial);
        this.observer.deadLetter(durable, message.subject, burial.reason);
        return true;
      } catch (thrown) {
        const refused = `dead letter refused: ${messageOf(thrown)}`;
        this.observer.retry(durable, message.subject, burial.attempts, refused);
        await this.pause(backoff(backoffMs, wait));
      }
    }
    return false;
  }

  private sayAlive(): void {
    for (const message of this.inHand.values()) this.answer(() => message.working());
  }

  /** An answer that cannot be sent any more is no fault of the message: the broker delivers it again. */
  private answer(send: () => void): void {
    try {
      send();
    } catch (thrown) {
      this.observer.retry(this.spec.durable, '', 0, `the broker could not be told: ${messageOf(thrown)}`);
    }
  }

  private pause(ms: number): Promise<void> {
    if (this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.wakeups.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      this.wakeups.add(finish);
    });
  }
}

const backoff = (waits: readonly number[], index: number): number =>
  waits[Math.min(index, waits.length - 1)] ?? 1_000;
