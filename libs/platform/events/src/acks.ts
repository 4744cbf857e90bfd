import {
  createInbox,
  PermissionViolationError,
  type Msg,
  type MsgHdrs,
  type Status,
} from '@nats-io/nats-core';
import { Slots } from '@quotebridge/platform/core';
import { faultIn } from './publish-ack';

/** What this needs of the client's connection. */
export interface Line {
  publish(subject: string, payload: Uint8Array, options: { headers: MsgHdrs; reply: string }): void;
  subscribe(subject: string, options: { callback: (failed: Error | null, answer: Msg) => void }): unknown;
  status(): AsyncIterable<Status>;
}

/** A message that was sent and of which the broker has not said yet whether it is stored. */
interface Waiting {
  place: number;
  /** Tells it from others that had its place before. */
  readonly number: number;
  readonly subject: string;
  readonly until: number;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

/**
 * Publishes to JetStream and hears what became of it: one inbox and one timer for all messages. A request of the client
 * does the same with some ten promises, a timer and a stack trace for each, more than all else that publishing takes.
 */
export class Acks {
  private readonly inbox = createInbox();
  private readonly waiting = new Slots<Waiting>();
  private hears = false;
  private timer: NodeJS.Timeout | undefined;
  private sent = 0;

  constructor(
    private readonly line: Line,
    private readonly timeoutMs: number,
  ) {
    void this.hearRefusals();
  }

  /** Resolves when the broker has stored the message; rejects with the reason when it has not, or is silent. */
  publish(subject: string, payload: Uint8Array, headers: MsgHdrs): Promise<void> {
    return new Promise((resolve, reject) => {
      this.sent += 1;
      const until = performance.now() + this.timeoutMs;
      const one = { place: -1, number: this.sent, subject, until, resolve, reject };
      this.listen();
      one.place = this.waiting.take(one);
      this.timer ??= setTimeout(() => this.giveUp(), this.timeoutMs).unref();
      try {
        const reply = `${this.inbox}.${one.place}-${one.number}`;
        this.line.publish(subject, payload, { headers, reply });
      } catch (thrown) {
        this.waiting.free(one.place);
        throw thrown;
      }
    });
  }

  private listen(): void {
    if (this.hears) return;
    const callback = (failed: Error | null, answer: Msg): void => (failed ? undefined : this.hear(answer));
    this.line.subscribe(`${this.inbox}.*`, { callback });
    this.hears = true;
  }

  private hear(answer: Msg): void {
    const [place = '', number] = answer.subject.slice(this.inbox.length + 1).split('-');
    const one = this.waiting.at(Number(place));
    // An answer that comes after its message was given up is not for the one that has the place now.
    if (one?.number !== Number(number)) return;
    this.waiting.free(one.place);
    const fault = faultIn(answer);
    if (fault === undefined) one.resolve();
    else one.reject(new Error(fault));
  }

  /** What may not be published, or heard, is never answered: the broker only says so on the connection. */
  private async hearRefusals(): Promise<void> {
    for await (const status of this.line.status()) {
      if (status.type !== 'error' || !(status.error instanceof PermissionViolationError)) continue;
      const { error } = status;
      const isInbox = error.subject === `${this.inbox}.*`;
      if (isInbox) this.hears = false;
      this.end((one) => isInbox || one.subject === error.subject, error);
    }
    this.end(() => true, new Error('the connection was closed'));
  }

  private giveUp(): void {
    this.timer = undefined;
    const now = performance.now();
    this.end(({ until }) => until <= now, new Error(`no answer within ${this.timeoutMs} ms`));
    const next = this.waiting.taken().reduce((first, { until }) => Math.min(first, until), Infinity);
    if (next < Infinity) this.timer = setTimeout(() => this.giveUp(), Math.max(1, next - now)).unref();
  }

  private end(which: (one: Waiting) => boolean, reason: Error): void {
    for (const one of this.waiting.taken().filter(which)) {
      this.waiting.free(one.place);
      one.reject(reason);
    }
  }
}
