import { textAt, type Stream } from '@quotebridge/connectors/sdk';
import { mapCancellation, type CancelMapSettings } from './mapping/cancellation';
import { readChanges } from './read-changes';
import type { RestClient } from './rest-client';
import type { SalesforceSettings } from './settings';
import { positionOf, soqlText, soqlTime } from './soql';

/** Orders that stand for product orders and are cancelled in the CRM, as requests to cancel those. */
export const cancellations = (
  source: string,
  { overlapSeconds }: Pick<SalesforceSettings, 'overlapSeconds'>,
  settings: CancelMapSettings,
  client: RestClient,
): Stream => {
  const { idField, statuses } = settings;
  const query = (from: string | undefined): string =>
    [
      `SELECT Id, ${idField}, Status, IsDeleted, SystemModstamp FROM Order WHERE ${idField} != null`,
      from === undefined
        ? `AND Status IN (${statuses.map(soqlText).join(', ')})`
        : `AND SystemModstamp >= ${soqlTime(from)}`,
      'ORDER BY SystemModstamp, Id',
    ].join(' ');
  return {
    name: 'cancellations',
    title: 'Orders that are cancelled in the CRM, as cancellations of product orders',
    entity: 'Order',
    resource: 'cancelProductOrder',
    overlapMs: overlapSeconds * 1000,
    identity: (record) => textAt(record, 'Id'),
    position: positionOf,
    read: (from, signal) => readChanges(client, query, from, signal),
    map: mapCancellation(source, settings),
  };
};
