import { isDeepStrictEqual } from 'node:util';
import { isoNow, Refusal, type Fault, type JsonObject } from '@quotebridge/platform/core';
import type { ExtraEvent, HookContext, ResourceHooks } from '@quotebridge/tmf/resource';
import { catalogFaults, itemFaults, offeringIdsOf, type FindOffering } from './catalog-rules';
import { settleOrder, startOrder } from './settle';

/** Finds the offerings that an order names. */
export type FindOfferings = (ids: readonly string[]) => Promise<FindOffering>;

const refuse = (status: 400 | 422, code: string, faults: readonly Fault[]): void => {
  const [first] = faults;
  if (first) throw new Refusal(status, code, `${first.path}: ${first.message}`, { faults });
};

/** Events of v5 that tell of an entry added to one of the order's lists. */
const LIST_EVENTS: Readonly<Record<string, string>> = {
  productOrderErrorMessage: 'ProductOrderErrorMessageEvent',
  productOrderJeopardyAlert: 'ProductOrderJeopardyAlertEvent',
  productOrderMilestone: 'ProductOrderMilestoneEvent',
};

const listEvents = (before: JsonObject | undefined, after: JsonObject): ExtraEvent[] =>
  Object.entries(LIST_EVENTS).flatMap(([name, type]) =>
    after[name] !== undefined && !isDeepStrictEqual(before?.[name], after[name]) ? [{ type }] : [],
  );

/** The dates that go with a state. */
const dated = (before: JsonObject, after: JsonObject, { clock }: HookContext): JsonObject => {
  if (before['state'] === after['state']) return after;
  const now = isoNow(clock);
  if (after['state'] === 'completed' || after['state'] === 'partial')
    return { ...after, completionDate: now };
  if (after['state'] === 'cancelled') return { ...after, cancellationDate: now };
  return after;
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
    return { ...startOrder(draft), creationDate: isoNow(context.clock) };
  },
  prepareChange: (before, edited, context) => {
    refuse(400, 'invalidItems', itemFaults(edited));
    const settled = settleOrder(before, edited);
    if (!settled.ok) {
      throw new Refusal(409, 'illegalTransition', settled.error.reason, { faults: settled.error.faults });
    }
    return dated(before, settled.value, context);
  },
  extraEvents: (before, after) => [
    ...listEvents(before, after),
    ...(after['state'] === 'pending' && before?.['state'] !== 'pending'
      ? [{ type: 'ProductOrderInformationRequiredEvent' }]
      : []),
  ],
});
