import { messageOf, Rounds, type Clock } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import type { Logger } from '@quotebridge/platform/telemetry';
import { afterAttempt, type DeliveryPlan } from '@quotebridge/tmf/hub';
import type { Outgoing, OutgoingStore } from './outgoing-store';
import type { Sender } from './send';

const LOOK_EVERY_MS = 500;
const AT_ONCE = 32;

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

/** Sends what waits, again and again with growing pauses; what nobody takes is kept as dead. */
export class OutgoingDispatcher implements Running {
  private readonly rounds: Rounds;

  constructor(private readonly options: OutgoingDispatcherOptions) {
    const { logger, what } = options;
    this.rounds = new Rounds({
      round: () => this.round(),
      pauseMs: LOOK_EVERY_MS,
      onError: (thrown) =>
        logger.warn({ what, reason: messageOf(thrown) }, 'Messages wait: the store does not answer'),
    });
  }

  /** Looks at once: something was added. */
  look(): void {
    this.rounds.look();
  }

  async stop(): Promise<void> {
    await this.rounds.stop();
    await this.options.sender.close();
  }

  private async round(): Promise<'again' | void> {
    const { messages, clock, prepare } = this.options;
    await prepare?.();
    const due = await messages.due(new Date(clock.now()), AT_ONCE);
    await Promise.all(due.map((message) => this.deliver(message)));
    if (due.length === AT_ONCE) return 'again';
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
