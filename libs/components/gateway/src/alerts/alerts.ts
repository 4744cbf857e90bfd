import { messageOf } from '@quotebridge/platform/core';
import {
  ALERTS,
  callAlertSubject,
  DEAD_LETTERS,
  TMF_EVENTS,
  type Running,
} from '@quotebridge/platform/events';
import { OutboundPolicy } from '@quotebridge/platform/resilience';
import { isTransientStoreError } from '@quotebridge/platform/store';
import type { ConsumerBinding, Runtime } from '@quotebridge/tmf/component';
import { defaultDeliveryPlan } from '@quotebridge/tmf/hub';
import { ORDER_NEWS } from '../confirmations/waiting';
import { OutgoingDispatcher } from '../outgoing/dispatcher';
import type { OutgoingStore } from '../outgoing/outgoing-store';
import { webhookSender, type Sender } from '../outgoing/send';
import type { GatewaySettings } from '../settings';
import type { Transaction } from '../transactions/transaction';
import type { Alert } from './alert';
import { AlertBook, type AlertMessage } from './alert-book';
import { callAlert, callMessage, deadLetterAlert, orderAlert, runAlert, type Message } from './alert-of';
import { mailSender } from './mail';
import { receiversOf } from './receivers';
import { loadTemplates } from './templates';

/** Where failures are heard of: the stream, its subjects, and how a message becomes an alert. */
const HEARD = [
  { durable: 'gateway-alerts-runs', stream: ALERTS, subjects: ['alerts.connector.>'], read: runAlert },
  { durable: 'gateway-alerts-calls', stream: ALERTS, subjects: [callAlertSubject('>')], read: callAlert },
  { durable: 'gateway-alerts-orders', stream: TMF_EVENTS, subjects: ORDER_NEWS, read: orderAlert },
  { durable: 'gateway-alerts-letters', stream: DEAD_LETTERS, subjects: ['dlq.>'], read: undefined },
] as const;

const OWN: readonly string[] = HEARD.map(({ durable }) => durable);

/** Tells people of what has failed: runs of connectors, orders, messages that were given up, calls of the business API. */
export class Alerts {
  private dispatcher: OutgoingDispatcher | undefined;

  private constructor(
    private readonly runtime: Runtime<GatewaySettings>,
    private readonly book: AlertBook,
    private readonly isOn: boolean,
  ) {}

  static async open(runtime: Runtime<GatewaySettings>): Promise<Alerts> {
    const { settings, store, inbox, clock } = runtime;
    const receivers = receiversOf(settings);
    const book = await AlertBook.open({
      store,
      inbox,
      clock,
      templates: loadTemplates(settings.alertTemplates),
      receivers,
      throttleMs: settings.alertThrottle,
    });
    runtime.metrics.gauge(
      {
        name: 'quotebridge_gateway_alerts',
        help: 'Alerts that wait to be delivered, and those that could not be',
        labels: ['state'],
      },
      async (gauge) => {
        for (const state of ['waiting', 'dead'] as const)
          gauge.set({ state }, await book.messages.count(state));
      },
    );
    return new Alerts(runtime, book, receivers.length > 0);
  }

  get messages(): OutgoingStore<AlertMessage> {
    return this.book.messages;
  }

  /** Puts a failed call of the business API on the stream of alerts. Not waited for: the log has it in any case. */
  callFailed(call: Transaction): void {
    if (!this.isOn) return;
    const { bus, logger } = this.runtime;
    bus
      .publish(callAlertSubject(call.operation), callMessage(call), {
        id: `alert-${call.id}`,
        key: call.operation,
      })
      .catch((thrown: unknown) =>
        logger.warn({ reason: messageOf(thrown) }, 'An alert could not be published'),
      );
  }

  /** Durable, so that no failure is missed while nobody runs; none when nobody is to be told. */
  consumers(): readonly ConsumerBinding[] {
    if (!this.isOn) return [];
    return HEARD.map(({ durable, stream, subjects, read }) => ({
      spec: {
        durable,
        stream,
        subjects,
        concurrency: 16,
        maxAttempts: 5,
        backoffMs: [200, 1_000, 5_000],
        ackWaitMs: 10_000,
        startAt: 'new',
        isTransient: isTransientStoreError,
      },
      handle: async (delivery) => {
        const alert = (read ?? this.readLetter)(delivery);
        if (alert === undefined) return;
        await this.book.take(alert);
        this.dispatcher?.look();
      },
    }));
  }

  /** Sends what waits; none when nobody is to be told. */
  background(): readonly (() => Promise<Running>)[] {
    return this.isOn ? [async () => this.start()] : [];
  }

  private readonly readLetter = (message: Message): Alert | undefined =>
    deadLetterAlert(message, OWN, new Date(this.runtime.clock.now()).toISOString());

  private start(): Running {
    const { clock, logger, settings } = this.runtime;
    const plan = {
      ...defaultDeliveryPlan,
      parkAfterAttempts: settings.hubParkAfter,
      timeoutMs: settings.hubTimeout,
    };
    this.dispatcher = new OutgoingDispatcher({
      what: 'alerts',
      messages: this.book.messages,
      sender: this.sender(plan.timeoutMs),
      plan,
      clock,
      logger,
      prepare: () => this.book.endWindows(),
    });
    return this.dispatcher;
  }

  private sender(timeoutMs: number): Sender {
    const { settings, clock } = this.runtime;
    const { alertSmtpUrl, alertFrom, webhookSecret, outboundAllow } = settings;
    const webhooks = webhookSender({
      secret: () => webhookSecret?.reveal() ?? '',
      policy: new OutboundPolicy({ allow: outboundAllow }),
      timeoutMs,
      clock,
    });
    if (alertSmtpUrl === undefined) return webhooks;
    const mails = mailSender({ smtpUrl: alertSmtpUrl.reveal(), from: alertFrom, timeoutMs });
    return {
      send: (message) => (message.url.startsWith('mailto:') ? mails : webhooks).send(message),
      close: async () => {
        await Promise.all([mails.close(), webhooks.close()]);
      },
    };
  }
}
