import { isoNow, Refusal, type Fault } from '@quotebridge/platform/core';
import type { ResourceHooks } from '@quotebridge/tmf/resource';
import { catalogFaults, itemFaults, offeringIdsOf, type FindOffering } from './catalog-rules';
import { noticeEvents, withProgress } from './progress';
import { settleOrder, startOrder } from './settle';

/** Finds the offerings that an order names. */
export type FindOfferings = (ids: readonly string[]) => Promise<FindOffering>;

const refuse = (status: 400 | 422, code: string, faults: readonly Fault[]): void => {
  const [first] = faults;
  if (first) throw new Refusal(status, code, `${first.path}: ${first.message}`, { faults });
};

/** Behaviour of a product order: catalog checks, states of order and items in step, dates (TMF622 user guide). */
export const orderHooks = (findOfferings: FindOfferings): ResourceHooks => ({
  prepareCreate: async (draft, context) => {
    refuse(400, 'invalidItems', itemFaults(draft));
    // What an accepted quote promised is ordered, even if the catalog has moved on since.
    if (context.origin === 'http') {
      const find = await findOfferings(offeringIdsOf(draft));
      refuse(422, 'notOrderable', catalogFaults(draft, find, context.clock.now()));
    }
    const at = isoNow(context.clock);
    return withProgress(undefined, { ...startOrder(draft), creationDate: at }, { orderId: context.id, at });
  },
  prepareChange: (before, edited, context) => {
    refuse(400, 'invalidItems', itemFaults(edited));
    const settled = settleOrder(before, edited);
    if (!settled.ok) {
      throw new Refusal(409, 'illegalTransition', settled.error.reason, { faults: settled.error.faults });
    }
    return withProgress(before, settled.value, { orderId: context.id, at: isoNow(context.clock) });
  },
  extraEvents: (before, after) => noticeEvents(before, after).map((type) => ({ type })),
});
