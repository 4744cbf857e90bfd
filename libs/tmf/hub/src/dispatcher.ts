import { isJsonObject, messageOf, Rounds, type Clock, type JsonObject } from '@quotebridge/platform/core';
import {
  TMF_EVENTS,
  type ConsumerSpec,
  type Delivery,
  type EventBus,
  type Running,
} from '@quotebridge/platform/events';
import { discard, type OutboundPolicy } from '@quotebridge/platform/resilience';
import { trimEvent, wantsEvent, type EventQuery } from '@quotebridge/tmf/query';
import { request, type Agent } from 'undici';
import { afterAttempt, type DeliveryPlan } from './delivery-plan';
import { durableOf, wantedBy, type EnvelopePaths, type Sight, type Subscription } from './subscription';
import type { SubscriptionStore } from './subscription-store';

const LOOK_AGAIN_MS = 1_000;

/**
 * Shows a stored (v5) event envelope in the version of a subscription, without what its subscriber may not read;
 * undefined when the event is none of his.
 */
export type PresentEvent = (envelope: JsonObject, sight: Sight) => JsonObject | undefined;

/** What a dispatcher works with. */
export interface DispatcherOptions {
  readonly bus: EventBus;
  readonly subscriptions: SubscriptionStore;
  readonly policy: OutboundPolicy;
  readonly paths: EnvelopePaths;
  readonly present: PresentEvent;
  readonly plan: DeliveryPlan;
  readonly clock: Clock;
  readonly onParked: (subscription: Subscription, reason: string) => void;
  /** Subscriptions could not be looked at; they are again in a moment. */
  readonly onError: (thrown: unknown) => void;
}

/** The durable consumer of a subscription; created with it, so that no event after the 201 is missed. */
export const consumerOf = (subscription: Subscription, plan: DeliveryPlan): ConsumerSpec => ({
  durable: durableOf(subscription._id),
  stream: TMF_EVENTS,
  subjects: [`tmf.${subscription.api}.>`],
  concurrency: 16,
  maxAttempts: Number.POSITIVE_INFINITY,
  backoffMs: plan.backoffMs,
  ackWaitMs: 5_000,
  startAt: 'new',
});

interface Active {
  readonly running: Promise<Running>;
}

/**
 * Sends events to subscribers: in order per resource, retried with back-off, at least once. A subscriber that keeps
 * failing is parked: its place in the stream stays, and resuming goes on from there.
 */
export class HubDispatcher implements Running {
  private readonly active = new Map<string, Active>();
  private readonly agent: Agent;
  private readonly rounds: Rounds;

  constructor(private readonly options: DispatcherOptions) {
    this.agent = options.policy.agent({ connectTimeoutMs: options.plan.timeoutMs });
    // Replicas that take, resume or end subscriptions are seen within a pause.
    this.rounds = new Rounds({
      round: (stopping) => this.reconcile(stopping),
      pauseMs: LOOK_AGAIN_MS,
      onError: options.onError,
    });
  }

  async stop(): Promise<void> {
    await this.rounds.stop();
    await Promise.all([...this.active.keys()].map((id) => this.drop(id)));
    await this.agent.destroy();
  }

  /** Compares what runs with what should. */
  private async reconcile(stopping: AbortSignal): Promise<void> {
    const { subscriptions, bus } = this.options;
    const wanted = new Map((await subscriptions.list({ state: 'active' })).map((one) => [one._id, one]));
    await Promise.all([...this.active.keys()].filter((id) => !wanted.has(id)).map((id) => this.drop(id)));
    for (const [id, subscription] of wanted) {
      if (!this.active.has(id) && !stopping.aborted) this.take(subscription);
    }
    for (const { _id } of await subscriptions.list({ state: 'ended' })) {
      await bus.forget(TMF_EVENTS, durableOf(_id));
      await subscriptions.remove(_id);
    }
  }

  private take(subscription: Subscription): void {
    const query = wantedBy(subscription, this.options.paths);
    if (!query.ok) {
      this.park(subscription, `its query cannot be read: ${query.error[0]?.message ?? ''}`);
      return;
    }
    // Where the broker has lost its place, or is another one, every event that it has since the subscription counts.
    const consumer = { ...consumerOf(subscription, this.options.plan), startAt: subscription.createdAt };
    const running = this.options.bus.consume(consumer, (delivery) =>
      this.deliver(subscription, query.value, delivery),
    );
    this.active.set(subscription._id, { running });
    // A consumer that cannot be started is tried again with the next look.
    running.catch(() => this.active.delete(subscription._id));
  }

  private async drop(id: string): Promise<void> {
    const active = this.active.get(id);
    this.active.delete(id);
    const running = await active?.running.catch(() => undefined);
    await running?.stop();
  }

  private async deliver(subscription: Subscription, query: EventQuery, delivery: Delivery): Promise<void> {
    const stored = delivery.json();
    if (!isJsonObject(stored)) return;
    const envelope = this.options.present(stored, subscription);
    if (envelope === undefined || !wantsEvent(query, envelope)) return;
    const { status, reason } = await this.post(subscription, trimEvent(query, envelope), delivery);
    const { subscriptions, clock, plan } = this.options;
    const next = afterAttempt(plan, delivery.attempt, status);
    if (next === 'delivered') return subscriptions.delivered(subscription._id, new Date(clock.now()));
    if (next === 'park') this.park(subscription, reason);
    else await subscriptions.failed(subscription._id, reason);
    throw new Error(reason);
  }

  private async post(
    subscription: Subscription,
    envelope: JsonObject,
    delivery: Delivery,
  ): Promise<{ status?: number; reason: string }> {
    const { traceparent } = delivery.headers;
    const { timeoutMs } = this.options.plan;
    try {
      const answer = await request(subscription.callback, {
        method: 'POST',
        dispatcher: this.agent,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          ...(traceparent === undefined ? {} : { traceparent }),
        },
        body: JSON.stringify(envelope),
        headersTimeout: timeoutMs,
      });
      await discard(answer.body, timeoutMs);
      return { status: answer.statusCode, reason: `${subscription.callback} answered ${answer.statusCode}` };
    } catch (thrown) {
      return { reason: `${subscription.callback} could not be reached: ${messageOf(thrown)}` };
    }
  }

  /** Not waited for, since it waits for what is in work. With the store away the next try parks. */
  private park(subscription: Subscription, reason: string): void {
    const { subscriptions, clock, onParked } = this.options;
    subscriptions
      .park(subscription._id, reason, new Date(clock.now()))
      .then(() => {
        onParked(subscription, reason);
        return this.drop(subscription._id);
      })
      .catch(() => undefined);
  }
}
