import { Refusal, type Clock, type JsonObject } from '@quotebridge/platform/core';
import { TMF_EVENTS, type Running } from '@quotebridge/platform/events';
import { OutboundPolicy } from '@quotebridge/platform/resilience';
import { isTransientStoreError } from '@quotebridge/platform/store';
import type { ConsumerBinding, ListenerBinding, Runtime } from '@quotebridge/tmf/component';
import { defaultDeliveryPlan } from '@quotebridge/tmf/hub';
import { businessOf } from '../orders/product-order';
import { OutgoingDispatcher } from '../outgoing/dispatcher';
import { webhookSender } from '../outgoing/send';
import type { GatewaySettings } from '../settings';
import { NoticeStore, type TriedOrder } from './notice-store';
import { newsOf, progressOf } from './progress';
import { ORDER_NEWS, orderIn, Waiting } from './waiting';

const placedOf = (order: JsonObject): TriedOrder => ({
  id: String(order['id']),
  digest: String(businessOf(order)?.['digest']),
});

/** What becomes of orders in the ERP: for requests that wait for it, and for receivers that are told. */
export class Confirmations {
  readonly waiting = new Waiting();
  private dispatcher: OutgoingDispatcher | undefined;
  private readonly policy: OutboundPolicy;
  private readonly clock: Clock;

  private constructor(
    private readonly runtime: Runtime<GatewaySettings>,
    readonly notices: NoticeStore,
  ) {
    const { outboundAllow, confirmationUrls, webhookSecret } = runtime.settings;
    this.policy = new OutboundPolicy({ allow: outboundAllow });
    this.clock = runtime.clock;
    if (confirmationUrls.length > 0 && webhookSecret === undefined)
      throw new Error('CONFIRMATION_URLS needs a WEBHOOK_SECRET: confirmations are signed.');
  }

  static async open(runtime: Runtime<GatewaySettings>): Promise<Confirmations> {
    const notices = await NoticeStore.open(runtime.store);
    runtime.metrics.gauge(
      {
        name: 'quotebridge_gateway_confirmations',
        help: 'Confirmations of orders that wait to be delivered, and those that could not be',
        labels: ['state'],
      },
      async (gauge) => {
        for (const state of ['waiting', 'dead'] as const)
          gauge.set({ state }, await notices.messages.count(state));
      },
    );
    return new Confirmations(runtime, notices);
  }

  /** Refuses an address that may not be called; `path` is where it stands in what the caller sent. */
  async check(url: string, path: string): Promise<void> {
    if (this.runtime.settings.webhookSecret === undefined)
      throw new Refusal(
        422,
        'noWebhooks',
        'No confirmations are sent here: the operator has set no WEBHOOK_SECRET',
      );
    const checked = await this.policy.check(url);
    if (!checked.ok) {
      const fault = { path, message: checked.error, code: 'callback' };
      throw new Refusal(400, 'invalidCallback', `The callback is refused: ${checked.error}`, {
        faults: [fault],
      });
    }
  }

  /** Notes where the confirmation of an order that is to be placed goes. */
  register(order: TriedOrder, url: string): Promise<void> {
    return this.notices.register(order, url, new Date(this.clock.now()));
  }

  /** From now on the news of this order go to another address; how it stands is told there at once. */
  async redirect(order: JsonObject, url: string): Promise<void> {
    const progress = progressOf(order);
    const now = new Date(this.clock.now());
    await this.notices.redirect(placedOf(order), progress.status, url, now);
    if (progress.status === 'accepted') return;
    await this.notices.add(progress, newsOf(order), [url], now);
    this.dispatcher?.look();
  }

  /** Turns news of orders into confirmations; durable, so that none is lost while nobody runs. */
  consumer(): ConsumerBinding {
    return {
      spec: {
        durable: 'gateway-confirmations',
        stream: TMF_EVENTS,
        subjects: ORDER_NEWS,
        concurrency: 64,
        maxAttempts: 5,
        backoffMs: [200, 1_000, 5_000],
        ackWaitMs: 10_000,
        isTransient: isTransientStoreError,
      },
      handle: async (delivery) => {
        const order = orderIn(delivery.json());
        if (order === undefined || businessOf(order) === undefined) return;
        const progress = progressOf(order);
        if (progress.status === 'accepted') return;
        const now = new Date(this.clock.now());
        const callback = await this.notices.callbackFor(placedOf(order), progress.status, now);
        const urls = new Set([
          ...(callback === undefined ? [] : [callback]),
          ...this.runtime.settings.confirmationUrls,
        ]);
        if (urls.size === 0) return;
        await this.notices.add(progress, newsOf(order), [...urls], now);
        this.dispatcher?.look();
      },
    };
  }

  listener(): ListenerBinding {
    return {
      subjects: ORDER_NEWS,
      hear: (message) => this.waiting.hear(message),
      missed: () => this.waiting.missed(),
    };
  }

  /** Begins to send. */
  async start(): Promise<Running> {
    const { settings, logger } = this.runtime;
    const plan = {
      ...defaultDeliveryPlan,
      parkAfterAttempts: settings.hubParkAfter,
      timeoutMs: settings.hubTimeout,
    };
    const dispatcher = new OutgoingDispatcher({
      what: 'confirmations',
      messages: this.notices.messages,
      sender: webhookSender({
        secret: () => settings.webhookSecret?.reveal() ?? '',
        policy: this.policy,
        timeoutMs: plan.timeoutMs,
        clock: this.clock,
      }),
      plan,
      clock: this.clock,
      logger,
    });
    this.dispatcher = dispatcher;
    return dispatcher;
  }
}
