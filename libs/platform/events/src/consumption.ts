import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { messageOf } from '@quotebridge/platform/core';
import {
  KEY_HEADER,
  PermanentError,
  type ConsumerSpec,
  type Delivery,
  type DeliveryHandler,
} from './delivery';

/** Takes a message that could not be handled; resolves when it is stored. */
export type DeadLetterSink = (message: JsMsg, reason: string, attempts: number) => Promise<void>;

/** What a consumer tells its owner. */
export interface ConsumptionObserver {
  retry(durable: string, subject: string, attempt: number, reason: string): void;
  deadLetter(durable: string, subject: string, reason: string): void;
}

/**
 * Pulls messages and hands them to the handler: in order within a key, in parallel across keys. A failed message
 * is retried in place, so later messages of its key wait; a sign of life keeps the broker from delivering it
 * elsewhere. Acknowledged only after the handler or after the dead letter is stored.
 */
export class Consumption {
  private readonly tails = new Map<string, Promise<void>>();
  private readonly wakeups = new Set<() => void>();
  private messages: ConsumerMessages | undefined;
  private finished: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly consumer: Consumer,
    private readonly spec: ConsumerSpec,
    private readonly handler: DeliveryHandler,
    private readonly deadLetter: DeadLetterSink,
    private readonly observer: ConsumptionObserver,
  ) {}

  async start(): Promise<void> {
    this.messages = await this.consumer.consume({ max_messages: this.spec.concurrency, expires: 5_000 });
    // The iteration ends with an error when the consumer is deleted; there is nothing left to do then.
    this.finished = this.loop(this.messages).catch((thrown: unknown) =>
      this.observer.retry(this.spec.durable, '', 0, `the consumer ended: ${messageOf(thrown)}`),
    );
  }

  /** Stops pulling and waits for the messages in work. Those not finished are delivered again. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.messages?.stop();
    for (const wake of this.wakeups) wake();
    await this.finished;
    await Promise.all(this.tails.values());
  }

  private async loop(messages: ConsumerMessages): Promise<void> {
    for await (const message of messages) {
      if (this.stopping) break;
      const key = message.headers?.get(KEY_HEADER) || message.subject;
      const tail = (this.tails.get(key) ?? Promise.resolve()).then(() => this.handle(message, key));
      this.tails.set(key, tail);
      void tail.finally(() => {
        if (this.tails.get(key) === tail) this.tails.delete(key);
      });
    }
  }

  private async handle(message: JsMsg, key: string): Promise<void> {
    if (this.stopping) return message.nak();
    const alive = setInterval(() => message.working(), Math.max(500, this.spec.ackWaitMs / 3));
    try {
      await this.untilHandled(message, key);
    } finally {
      clearInterval(alive);
    }
  }

  private async untilHandled(message: JsMsg, key: string): Promise<void> {
    for (let attempt = 1, wait = 0; ; wait += 1) {
      try {
        await this.handler(toDelivery(message, key, attempt));
        message.ack();
        return;
      } catch (thrown) {
        const reason = messageOf(thrown);
        const permanent = thrown instanceof PermanentError;
        if (permanent || attempt >= this.spec.maxAttempts) {
          if (await this.buried(message, reason, attempt)) return;
        } else if (!this.spec.isTransient?.(thrown)) {
          attempt += 1;
        }
        this.observer.retry(this.spec.durable, message.subject, attempt, reason);
        await this.pause(backoff(this.spec.backoffMs, wait));
        // Given back, so that it comes first when the consumer starts again.
        if (this.stopping) return message.nak();
      }
    }
  }

  /** True when the message is safe among the dead letters; a broker that refuses it leaves it in work. */
  private async buried(message: JsMsg, reason: string, attempts: number): Promise<boolean> {
    try {
      await this.deadLetter(message, reason, attempts);
    } catch (thrown) {
      this.observer.retry(
        this.spec.durable,
        message.subject,
        attempts,
        `dead letter refused: ${messageOf(thrown)}`,
      );
      return false;
    }
    this.observer.deadLetter(this.spec.durable, message.subject, reason);
    message.ack();
    return true;
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

const toDelivery = (message: JsMsg, key: string, attempt: number): Delivery => ({
  subject: message.subject,
  id: message.headers?.get('Nats-Msg-Id') || `${message.info.stream}:${message.info.streamSequence}`,
  key,
  attempt,
  headers: headersOf(message),
  json: () => {
    try {
      return message.json();
    } catch (thrown) {
      throw new PermanentError(`The payload on ${message.subject} is not JSON`, { cause: thrown });
    }
  },
});

const headersOf = (message: JsMsg): Record<string, string> => {
  const found: Record<string, string> = {};
  for (const name of message.headers?.keys() ?? []) found[name] = message.headers?.get(name) ?? '';
  return found;
};
