import type { IngestPolicy } from '@quotebridge/tmf/resource';
import { stateOnTheWay, withReport } from './order-reports';

/** How connectors' records reach product orders: each state that an order passes through has its event. */
export const orderReports: IngestPolicy = {
  patch: withReport,
  stepBefore: (current, report) => {
    const state = stateOnTheWay(current, report['state']);
    return state === undefined ? undefined : { ...current, state };
  },
};
