import { messageOf, type Clock } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import type { OutboundPolicy } from '@quotebridge/platform/resilience';
import type { Logger } from '@quotebridge/platform/telemetry';
import { afterAttempt, type DeliveryPlan } from '@quotebridge/tmf/hub';
import { request, type Agent } from 'undici';
import type { Notice, NoticeStore } from './notice-store';
import { signedHeaders } from './signature';

const LOOK_EVERY_MS = 500;
const AT_ONCE = 32;

/** What sending confirmations works with. */
export interface ConfirmationDispatcherOptions {
  readonly notices: NoticeStore;
  readonly secret: () => string;
  readonly policy: OutboundPolicy;
  readonly plan: DeliveryPlan;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Sends what waits, signed, again and again with growing pauses; what nobody takes is kept as dead. */
export class ConfirmationDispatcher implements Running {
  private readonly agent: Agent;
  private stopped = false;
  private wake: (() => void) | undefined;
  private readonly working: Promise<void>;

  constructor(private readonly options: ConfirmationDispatcherOptions) {
    this.agent = options.policy.agent({ connectTimeoutMs: options.plan.timeoutMs });
    this.working = this.run();
  }

  /** Looks at once: something was added. */
  look(): void {
    this.wake?.();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake?.();
    await this.working;
    await this.agent.destroy();
  }

  private async run(): Promise<void> {
    const { notices, clock, logger } = this.options;
    while (!this.stopped) {
      try {
        const due = await notices.due(new Date(clock.now()), AT_ONCE);
        await Promise.all(due.map((notice) => this.deliver(notice)));
        if (due.length === AT_ONCE) continue;
      } catch (thrown) {
        logger.warn({ reason: messageOf(thrown) }, 'Confirmations wait: the store does not answer');
      }
      await this.pause();
    }
  }

  private async deliver(notice: Notice): Promise<void> {
    const { notices, plan, clock, logger } = this.options;
    const { status, reason } = await this.post(notice);
    const attempts = notice.attempts + 1;
    const now = clock.now();
    switch (afterAttempt(plan, attempts, status)) {
      case 'delivered':
        return notices.change(notice._id, { state: 'delivered', attempts, deliveredAt: new Date(now) });
      case 'retry': {
        const wait = plan.backoffMs[Math.min(attempts - 1, plan.backoffMs.length - 1)] ?? 60_000;
        return notices.change(notice._id, { attempts, lastError: reason, dueAt: new Date(now + wait) });
      }
      case 'park':
        logger.error({ order: notice.orderId, reason }, 'A confirmation could not be delivered and is dead');
        return notices.change(notice._id, { state: 'dead', attempts, lastError: reason });
    }
  }

  private async post({ _id, url, body }: Notice): Promise<{ status?: number; reason: string }> {
    const { secret, clock, plan } = this.options;
    try {
      const answer = await request(url, {
        method: 'POST',
        dispatcher: this.agent,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          ...signedHeaders(secret(), { id: _id, body, atMs: clock.now() }),
        },
        body,
        headersTimeout: plan.timeoutMs,
        bodyTimeout: plan.timeoutMs,
      });
      await answer.body.dump();
      return { status: answer.statusCode, reason: `it answered ${answer.statusCode}` };
    } catch (thrown) {
      return { reason: `it could not be reached: ${messageOf(thrown)}` };
    }
  }

  private pause(): Promise<void> {
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(finish, LOOK_EVERY_MS);
      this.wake = finish;
    });
  }
}
