import { isoNow, Refusal, type Fault, type JsonObject } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import type { HookContext, ResourceHooks } from '@quotebridge/tmf/resource';
import { begunAdditions } from './additions';
import { clientQuoteFaults } from './client-quotes';
import { catalogFaults, itemFaults, offeringIdsOf, type FindOffering } from './catalog-rules';
import {
  isQuoted,
  keepOrdered,
  quoteFaults,
  quoteIdsOf,
  removedFaults,
  toCheckAgain,
  toldFaults,
  touchesTold,
  unpricedFaults,
} from './patch-rules';
import { noticeEvents, withProgress } from './progress';
import { isHandedOver } from './handed-over';
import { withQuantities } from './quantities';
import { mayBeTaken, whyNotRemovable } from './removal';
import { settleOrder, startOrder } from './settle';
import { withTakenOverOf } from './taken-over';

/** System attribute of an order: the cancellation that moved it last. */
export const CANCELLATION_MARK = '_cancellation';

/** What the behaviour of an order needs to look up. */
export interface OrderLookups {
  /** Finds the offerings that an order names; `trace` is the request that the read belongs to. */
  readonly offerings: (ids: readonly string[], trace?: Context) => Promise<FindOffering>;
  /** The id of the order that an accepted quote has become, if it has. */
  readonly orderOfQuote: (quoteId: string) => Promise<string | undefined>;
  /** Whether clients may order quotes that another system keeps (ADR 0042). */
  readonly quotesElsewhere: boolean;
}

const refuse = (status: 400 | 409 | 422, code: string, faults: readonly Fault[]): void => {
  const [first] = faults;
  if (first) throw new Refusal(status, code, `${first.path}: ${first.message}`, { faults });
};

/** Behaviour of a product order: catalog checks, states of order and items in step, dates (TMF622 user guide). */
export const orderHooks = (lookups: OrderLookups): ResourceHooks => {
  const checkCatalog = async (order: JsonObject, context: HookContext, only?: ReadonlySet<unknown>) => {
    const find = await lookups.offerings(offeringIdsOf(order), context.trace);
    refuse(422, 'notOrderable', catalogFaults(order, find, context.clock.now(), only));
  };
  const checkQuotes = async (draft: JsonObject): Promise<void> => {
    for (const quoteId of quoteIdsOf(draft)) {
      const order = await lookups.orderOfQuote(quoteId);
      if (order === undefined) continue;
      const message = `the quote ${quoteId} has become the order ${order} already`;
      refuse(409, 'quoteOrdered', [{ path: '/quote', message, code: 'quoteOrdered' }]);
    }
    // Who may not order a quote at all is not told which price it would need.
    if (lookups.quotesElsewhere) refuse(422, 'unpriced', unpricedFaults(draft));
    else refuse(422, 'quoteNotOrdered', clientQuoteFaults(draft));
  };
  /** Whether an outside system delivers anything of the order: its offering has an identifier there. */
  const isOutside = async (order: JsonObject, { trace }: HookContext): Promise<boolean> => {
    const ids = offeringIdsOf(order);
    const find = await lookups.offerings(ids, trace);
    return ids.some((id) => find(id)?.isOutside === true);
  };
  /** Whether an outside system has the order, or may be taking it; looked up only where that matters to a client's change. */
  const isTaken = async (before: JsonObject, after: JsonObject, context: HookContext): Promise<boolean> => {
    if (isHandedOver(before)) return true;
    const mayMatter = context.origin === 'http' && mayBeTaken(before) && touchesTold(before, after);
    return mayMatter && (await isOutside(before, context));
  };
  return {
    prepareCreate: async (draft, context) => {
      refuse(400, 'invalidItems', itemFaults(draft));
      if (context.origin === 'http') await checkQuotes(draft);
      // What an accepted quote promised is ordered, even if the catalog has moved on since.
      if (context.origin !== 'event') await checkCatalog(draft, context);
      const at = isoNow(context.clock);
      return withProgress(
        undefined,
        { ...startOrder(withTakenOverOf({}, draft)), creationDate: at },
        { orderId: context.id, at },
      );
    },
    prepareChange: async (before, edited, context) => {
      const own = isHandedOver(before) ? edited : withTakenOverOf(before, edited);
      const taken = await isTaken(before, own, context);
      const complete = keepOrdered(before, own, taken);
      refuse(400, 'invalidItems', itemFaults(complete));
      refuse(409, 'frozen', [...quoteFaults(before, complete), ...removedFaults(before, complete)]);
      if (taken && context.origin === 'http') refuse(409, 'handedOver', toldFaults(before, complete));
      const isToldByUs = context.origin === 'http' && isHandedOver(before);
      const settled = settleOrder(before, isToldByUs ? withQuantities(before, complete) : complete);
      if (!settled.ok) {
        throw new Refusal(409, 'illegalTransition', settled.error.reason, { faults: settled.error.faults });
      }
      const again = context.origin === 'http' ? toCheckAgain(before, settled.value) : new Set();
      // A quote's items were checked when it was priced; what was promised is ordered.
      if (again.size > 0 && !isQuoted(before)) await checkCatalog(settled.value, context, again);
      const next = isToldByUs ? begunAdditions(before, settled.value) : settled.value;
      return withProgress(before, next, {
        orderId: context.id,
        at: isoNow(context.clock),
        isCancelling: isCancelling(context),
      });
    },
    beforeRemove: async (before, context) => {
      if (isQuoted(before)) {
        throw new Refusal(409, 'fromQuote', 'The order fulfils an accepted quote and cannot be deleted.');
      }
      const obstacle = whyNotRemovable(before, mayBeTaken(before) && (await isOutside(before, context)));
      if (obstacle === undefined) return;
      const { code, message } = obstacle;
      throw new Refusal(409, code, message, {
        faults: [{ path: '/state', message: 'is not a state to delete in', code }],
      });
    },
    extraEvents: (before, after, context) =>
      noticeEvents(before, after, isCancelling(context)).map((type) => ({ type })),
  };
};

const isCancelling = ({ system }: HookContext): boolean => system?.[CANCELLATION_MARK] !== undefined;
