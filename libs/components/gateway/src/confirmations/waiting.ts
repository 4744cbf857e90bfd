import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import type { Heard } from '@quotebridge/platform/events';
import { progressOf, type Progress } from './progress';

interface Waiter {
  readonly end: (progress: Progress | undefined) => void;
}

/** Where news of orders arrive. */
export const ORDER_NEWS: readonly string[] = [
  'tmf.TMF622.productOrder.ProductOrderStateChangeEvent',
  'tmf.TMF622.productOrder.ProductOrderAttributeValueChangeEvent',
];

/** The order in the envelope of a TMF622 event. */
export const orderIn = (envelope: unknown): JsonObject | undefined => {
  const event = isJsonObject(envelope) && isJsonObject(envelope['event']) ? envelope['event'] : {};
  const order = event['productOrder'];
  return isJsonObject(order) ? order : undefined;
};

/** Requests of this process that wait for the ERP, each for one order. */
export class Waiting {
  private readonly waiters = new Map<string, Set<Waiter>>();

  /**
   * Begins to listen for news of an order; to be called before it is placed, so that none is missed. `within` resolves with
   * the news, or with undefined when there are none in that time; `end` gives up.
   */
  for(id: string): { within(ms: number): Promise<Progress | undefined>; end(): void } {
    let end: Waiter['end'] = () => undefined;
    const news = new Promise<Progress | undefined>((resolve) => {
      end = resolve;
    });
    const waiter: Waiter = { end };
    const here = this.waiters.get(id) ?? new Set();
    this.waiters.set(id, here.add(waiter));
    const forget = (): void => {
      here.delete(waiter);
      if (here.size === 0) this.waiters.delete(id);
    };
    return {
      within: (ms) => {
        const timer = setTimeout(() => waiter.end(undefined), ms);
        return news.finally(() => {
          clearTimeout(timer);
          forget();
        });
      },
      end: forget,
    };
  }

  /** Takes an event about an order; costs nothing while nobody waits. */
  hear(message: Heard): void {
    if (this.waiters.size === 0) return;
    const order = orderIn(message.json());
    const here = order && this.waiters.get(String(order['id']));
    if (!here) return;
    const progress = progressOf(order);
    if (progress.status !== 'accepted') for (const waiter of [...here]) waiter.end(progress);
  }

  /** Events may have been missed: whoever waits is answered that nothing is known, and asks for the status. */
  missed(): void {
    for (const here of this.waiters.values()) for (const waiter of [...here]) waiter.end(undefined);
  }
}
