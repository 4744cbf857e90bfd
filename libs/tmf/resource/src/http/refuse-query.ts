import { Refusal, type Fault } from '@quotebridge/platform/core';
import { queryStatus } from '@quotebridge/tmf/query';

/** Refuses a query with 400, or 501 for what the standard knows and this server does not. */
export const refuseQuery = (faults: readonly Fault[]): never => {
  const status = queryStatus(faults);
  const [first] = faults;
  const message = first
    ? `${first.path === '' ? '' : `${first.path}: `}${first.message}`
    : 'The query cannot be read';
  throw new Refusal(status, status === 501 ? 'unsupportedQuery' : 'invalidQuery', message, { faults });
};
