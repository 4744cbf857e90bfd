import type { IngestPolicy } from '@quotebridge/tmf/resource';
import { stateOnTheWay, withReport } from './order-reports';
import { renewed } from './renewal';

/**
 * How connectors' records reach product orders: an order of an outside system is placed once; each state that one passes
 * through has its event.
 */
export const orderReports: IngestPolicy = {
  merge: renewed,
  patch: withReport,
  stepBefore: (current, report) => {
    const state = stateOnTheWay(current, report['state']);
    return state === undefined ? undefined : { ...current, state };
  },
};
