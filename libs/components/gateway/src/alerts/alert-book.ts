import { stableId, type Clock } from '@quotebridge/platform/core';
import {
  ensureCollection,
  type ClientSession,
  type Collection,
  type Inbox,
  type Store,
} from '@quotebridge/platform/store';
import { OutgoingStore, type Outgoing } from '../outgoing/outgoing-store';
import type { Alert } from './alert';
import { textOf, type AlertTemplates } from './templates';

const MESSAGES = 'alerts';
const WINDOWS = 'alertWindows';
const KEEP_SECONDS = 90 * 24 * 3600;

/** An alert on its way to one receiver. */
export interface AlertMessage extends Outgoing {
  readonly kind: string;
  readonly source: string;
  readonly text: string;
}

/** Since when alerts of one kind and source are held back, and how many. */
interface Window {
  readonly _id: string;
  readonly until: Date;
  readonly held: number;
  /** The last of them. */
  readonly last: Alert;
}

/** How alerts become messages. */
export interface AlertBookOptions {
  readonly store: Store;
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly templates: AlertTemplates;
  /** Addresses of webhooks and `mailto:` addresses. */
  readonly receivers: readonly string[];
  readonly throttleMs: number;
}

const messageFor = (url: string, id: string, alert: Alert, held: number, templates: AlertTemplates) => {
  const { kind, source, at, facts } = alert;
  const { subject, text } = textOf(templates, alert, held);
  const _id = stableId('gateway', 'alert', id, url);
  const told = { event: `alert.${kind}`, eventId: _id, at, source, subject, text, held, facts };
  const isMail = url.startsWith('mailto:');
  const message: Omit<AlertMessage, 'state' | 'attempts' | 'at' | 'dueAt'> = {
    _id,
    url,
    kind,
    source,
    text: subject,
    subject,
    body: isMail ? text : JSON.stringify(told),
  };
  return message;
};

/**
 * Turns alerts into messages, each once, throttled by kind and source: the first is told at once, those that follow within the
 * window are counted, and told together when it ends. All of it is in the store, so that a restart changes nothing.
 */
export class AlertBook {
  private constructor(
    readonly messages: OutgoingStore<AlertMessage>,
    private readonly windows: Collection<Window>,
    private readonly options: AlertBookOptions,
  ) {}

  static async open(options: AlertBookOptions): Promise<AlertBook> {
    const { store } = options;
    const messages = await OutgoingStore.open<AlertMessage>(store, MESSAGES, [
      { keys: { kind: 1, source: 1 } },
    ]);
    await ensureCollection(store, WINDOWS, [
      { keys: { until: 1 }, options: { expireAfterSeconds: KEEP_SECONDS } },
    ]);
    return new AlertBook(messages, store.collection<Window>(WINDOWS), options);
  }

  /** Takes an alert; one that was taken before changes nothing. */
  async take(alert: Alert): Promise<void> {
    const { inbox, clock } = this.options;
    await inbox.applyOnce('alerts', alert.id, async (session) => {
      const _id = `${alert.kind}|${alert.source}`;
      const open = await this.windows.findOne({ _id }, { session });
      if (open && open.until.getTime() > clock.now()) {
        await this.windows.updateOne({ _id }, { $inc: { held: 1 }, $set: { last: alert } }, { session });
        return;
      }
      await this.tell(_id, alert.id, alert, open?.held ?? 0, session);
    });
  }

  /** Tells of what was held back in windows that have ended. */
  async endWindows(): Promise<void> {
    const { store, clock } = this.options;
    const ended = await this.windows
      .find({ held: { $gt: 0 }, until: { $lte: new Date(clock.now()) } })
      .limit(100)
      .toArray();
    for (const { _id } of ended) {
      await store.transaction(async (session) => {
        const window = await this.windows.findOne({ _id }, { session });
        if (!window || window.held === 0 || window.until.getTime() > clock.now()) return;
        const { last, held, until } = window;
        // The last one is told in full, the others as a number.
        await this.tell(_id, `${_id}|${until.toISOString()}`, last, held - 1, session);
      });
    }
  }

  private async tell(
    window: string,
    id: string,
    alert: Alert,
    held: number,
    session: ClientSession,
  ): Promise<void> {
    const { clock, receivers, templates, throttleMs } = this.options;
    const now = clock.now();
    const until = new Date(now + throttleMs);
    await this.windows.updateOne(
      { _id: window },
      { $set: { until, held: 0, last: alert } },
      { session, upsert: true },
    );
    const messages = receivers.map((url) => messageFor(url, id, alert, held, templates));
    await this.messages.add(messages, new Date(now), session);
  }
}
