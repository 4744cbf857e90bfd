import { messageOf, Rounds, type Clock } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import type { Logger } from '@quotebridge/platform/telemetry';
import { afterAttempt, type DeliveryPlan } from '@quotebridge/tmf/hub';
import { receiverOf, type Outgoing, type OutgoingStore } from './outgoing-store';
import type { Sender } from './send';

const LOOK_EVERY_MS = 500;
/** Messages that are being sent at the same time: to all receivers, and to one. */
const AT_ONCE = 64;
const TO_ONE = 16;

/** What sending messages works with. */
export interface OutgoingDispatcherOptions {
  /** What the messages are, for the log. */
  readonly what: string;
  readonly messages: Pick<OutgoingStore<Outgoing>, 'due' | 'change'>;
  readonly sender: Sender;
  readonly plan: DeliveryPlan;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Done before each look; it may add messages. */
  readonly prepare?: () => Promise<void>;
}

/**
 * Sends what waits, again and again with growing pauses; what nobody takes is kept as dead. A receiver that does not answer
 * keeps a part of the places only: the others do not wait for it.
 */
export class OutgoingDispatcher implements Running {
  private readonly rounds: Rounds;
  /** Messages that are being sent, by their id. */
  private readonly inWork = new Map<string, { readonly receiver: string; readonly done: Promise<void> }>();

  constructor(private readonly options: OutgoingDispatcherOptions) {
    this.rounds = new Rounds({
      round: (stopping) => this.round(stopping),
      pauseMs: LOOK_EVERY_MS,
      onError: (thrown) => this.warn(thrown),
    });
  }

  /** Looks at once: something was added. */
  look(): void {
    this.rounds.look();
  }

  async stop(): Promise<void> {
    await this.rounds.stop();
    await Promise.all([...this.inWork.values()].map(({ done }) => done));
    await this.options.sender.close();
  }

  /** Fills the places that are free. */
  private async round(stopping: AbortSignal): Promise<void> {
    const { messages, clock, prepare } = this.options;
    await prepare?.();
    while (this.inWork.size < AT_ONCE && !stopping.aborted) {
      const room = AT_ONCE - this.inWork.size;
      const due = await messages.due(new Date(clock.now()), room, {
        ids: [...this.inWork.keys()],
        receivers: [...new Set([...this.inWork.values()].map((one) => one.receiver))].filter((one) =>
          this.isFull(one),
        ),
      });
      const before = this.inWork.size;
      for (const message of due) if (!this.isFull(receiverOf(message.url))) this.begin(message);
      if (this.inWork.size === before) return;
    }
  }

  private isFull(receiver: string): boolean {
    return [...this.inWork.values()].filter((one) => one.receiver === receiver).length >= TO_ONE;
  }

  private begin(message: Outgoing): void {
    const { _id, url } = message;
    const done = this.deliver(message)
      .catch((thrown: unknown) => this.warn(thrown))
      .finally(() => {
        this.inWork.delete(_id);
        this.rounds.look();
      });
    this.inWork.set(_id, { receiver: receiverOf(url), done });
  }

  private warn(thrown: unknown): void {
    const { logger, what } = this.options;
    logger.warn({ what, reason: messageOf(thrown) }, 'Messages wait: the store does not answer');
  }

  private async deliver(message: Outgoing): Promise<void> {
    const { messages, sender, plan, clock, logger, what } = this.options;
    const { status, reason } = await sender.send(message);
    const attempts = message.attempts + 1;
    const now = clock.now();
    switch (afterAttempt(plan, attempts, status)) {
      case 'delivered':
        return messages.change(message._id, { state: 'delivered', attempts, deliveredAt: new Date(now) });
      case 'retry': {
        const wait = plan.backoffMs[Math.min(attempts - 1, plan.backoffMs.length - 1)] ?? 60_000;
        return messages.change(message._id, { attempts, lastError: reason, dueAt: new Date(now + wait) });
      }
      case 'park':
        logger.error({ what, id: message._id, reason }, 'A message could not be delivered and is dead');
        return messages.change(message._id, { state: 'dead', attempts, lastError: reason });
    }
  }
}
