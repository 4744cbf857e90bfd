import {
  ActionRefused,
  externalIdsOf,
  textAt,
  type Action,
  type ActionEvent,
  type ConnectorContext,
} from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { CallFailed, isCallFailed } from '@quotebridge/platform/resilience';
import { ChangedLines, linesWished } from './changed-lines';
import { isStale } from './classify';
import { ORDERS } from './entity-sets';
import { orderRefusal } from './mapping/order-refusal';
import { fieldsOf, missingIn, wishedIn } from './mapping/wished';
import type { ODataClient } from './odata-client';
import { etagOf, textLiteral } from './odata-values';
import type { S4Settings } from './settings';

const SUBJECTS = ['ProductOrderAttributeValueChangeEvent', 'ProductOrderStateChangeEvent'].map(
  (type) => `tmf.TMF622.productOrder.${type}`,
);
/** Notes of what a sales order was last brought to. */
const KIND = 'wished';
const OPEN: ReadonlySet<unknown> = new Set(['acknowledged', 'inProgress', 'held', 'pending', 'partial']);

/**
 * Takes a new delivery date, the number of the customer's order, and what was changed of its items to the sales order. What was taken
 * there is remembered: only a change of the product order is written, so that what somebody changes in the ERP afterwards stays, and
 * other events cost no call.
 */
export const changeSalesOrder = (
  client: ODataClient,
  settings: S4Settings,
  { instance, notes, externalIdOf }: Pick<ConnectorContext, 'instance' | 'notes' | 'externalIdOf'>,
): Action => {
  const lines = new ChangedLines(client, settings, { externalIdOf });
  const numberOf = (order: JsonObject): string | undefined => externalIdsOf(order, 'salesOrder', instance)[0];
  const wordsOf = ({ resource }: ActionEvent): string =>
    JSON.stringify({ ...wishedIn(resource, settings), ...linesWished(resource) });
  const remember = (event: ActionEvent): Promise<void> =>
    notes.put(KIND, [{ key: event.resource.id, value: { wished: wordsOf(event) } }]);
  const read = async ({ resource }: ActionEvent): Promise<JsonObject> => {
    const number = numberOf(resource) ?? '';
    const [found] = await client.all(ORDERS, { $filter: `SalesOrder eq ${textLiteral(number)}` });
    if (found === undefined) throw new ActionRefused(`there is no sales order ${number}`);
    return found;
  };
  return {
    name: 'changeSalesOrder',
    title: 'Changing the sales order',
    subjects: SUBJECTS,
    effect: 'latest',
    key: (event) => {
      const { resource } = event;
      const isOurs = OPEN.has(resource['state']) && numberOf(resource) !== undefined;
      return isOurs && wordsOf(event) !== '{}' ? resource.id : undefined;
    },
    lookup: async (event) => {
      const known = await notes.get(KIND, event.resource.id);
      if (known?.['wished'] === wordsOf(event)) return known;
      const salesOrder = await read(event);
      if (Object.keys(missingIn(salesOrder, wishedIn(event.resource, settings))).length > 0) return undefined;
      if (!(await lines.areDone(event.resource, numberOf(event.resource) ?? ''))) return undefined;
      await remember(event);
      return salesOrder;
    },
    send: async (event) => {
      const salesOrder = await read(event);
      const key = { SalesOrder: textAt(salesOrder, 'SalesOrder') ?? '' };
      const fields = fieldsOf(missingIn(salesOrder, wishedIn(event.resource, settings)));
      const etag = etagOf(salesOrder);
      try {
        if (Object.keys(fields).length > 0)
          await client.change(ORDERS, [{ key, fields, ...(etag === undefined ? {} : { etag }) }]);
        await lines.apply(event.resource, salesOrder);
      } catch (thrown) {
        if (!isStale(thrown) || !isCallFailed(thrown)) throw thrown;
        const reason = 'somebody else has changed the sales order meanwhile';
        throw new CallFailed({ kind: 'retryAfter', reason }, thrown.exchange, false);
      }
      await remember(event);
      return { ...key, ...fields };
    },
    results: () => [],
    asks: wordsOf,
    refused: ({ resource }, reason, at) => orderRefusal(resource.id, 'erpNotChanged', reason, at),
  };
};
