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
import { isStale } from './classify';
import { ORDER_ITEMS, ORDERS } from './entity-sets';
import { decimalOf } from './mapping/decimal';
import { orderRefusal } from './mapping/order-refusal';
import { wishedQuantities, type WishedQuantity } from './mapping/sales-order';
import { fieldsOf, missingIn, wishedIn } from './mapping/wished';
import type { ODataClient } from './odata-client';
import { etagOf, textLiteral } from './odata-values';

const SUBJECTS = ['ProductOrderAttributeValueChangeEvent', 'ProductOrderStateChangeEvent'].map(
  (type) => `tmf.TMF622.productOrder.${type}`,
);
/** Notes of what a sales order was last brought to. */
const KIND = 'wished';
const OPEN: ReadonlySet<unknown> = new Set(['acknowledged', 'inProgress', 'held', 'pending', 'partial']);

const isClosed = (item: JsonObject): boolean =>
  textAt(item, 'SalesDocumentRjcnReason') !== undefined || textAt(item, 'SDProcessStatus') === 'C';

/** An item of a sales order that is to have another quantity. */
interface Requantified {
  readonly item: JsonObject;
  readonly quantity: string;
}

/**
 * Takes a new delivery date, the number of the customer's order, or another quantity of an item to the sales order. What was taken
 * there is remembered: only a change of the product order is written, so that what somebody changes in the ERP afterwards stays, and
 * other events cost no call. Items are changed as they were read, all of them or none; the ERP prices them anew.
 */
export const changeSalesOrder = (
  client: ODataClient,
  { instance, notes, externalIdOf }: Pick<ConnectorContext, 'instance' | 'notes' | 'externalIdOf'>,
): Action => {
  const numberOf = (order: JsonObject): string | undefined => externalIdsOf(order, 'salesOrder', instance)[0];
  const wordsOf = ({ resource }: ActionEvent): string => {
    const quantities = wishedQuantities(resource);
    return JSON.stringify({ ...wishedIn(resource), ...(quantities.length === 0 ? {} : { quantities }) });
  };
  const remember = (event: ActionEvent): Promise<void> =>
    notes.put(KIND, [{ key: event.resource.id, value: { wished: wordsOf(event) } }]);
  const read = async ({ resource }: ActionEvent): Promise<JsonObject> => {
    const number = numberOf(resource) ?? '';
    const [found] = await client.all(ORDERS, { $filter: `SalesOrder eq ${textLiteral(number)}` });
    if (found === undefined) throw new ActionRefused(`there is no sales order ${number}`);
    return found;
  };
  const itemOf = async (
    items: readonly JsonObject[],
    { line, offering }: WishedQuantity,
    number: string,
  ): Promise<JsonObject> => {
    const found = items.find((item) => textAt(item, 'SalesOrderItem') === line);
    const material = await externalIdOf(offering);
    if (found === undefined || textAt(found, 'Material') !== material)
      throw new ActionRefused(`item ${line} of the sales order ${number} is not ${material ?? offering}`);
    return found;
  };
  /** The items whose quantity is another one than the product order says. */
  const toRequantify = async ({ resource }: ActionEvent): Promise<readonly Requantified[]> => {
    const wished = wishedQuantities(resource);
    if (wished.length === 0) return [];
    const number = numberOf(resource) ?? '';
    const items = await client.all(ORDER_ITEMS, { $filter: `SalesOrder eq ${textLiteral(number)}` });
    const found = await Promise.all(
      wished.map(async (one) => ({ item: await itemOf(items, one, number), quantity: one.quantity })),
    );
    return found.filter(
      ({ item, quantity }) => decimalOf(item['RequestedQuantity'])?.equals(quantity) !== true,
    );
  };
  const requantify = async (number: string, changes: readonly Requantified[]): Promise<void> => {
    const closed = changes.find(({ item }) => isClosed(item));
    if (closed !== undefined) {
      const { item } = closed;
      const what = `item ${textAt(item, 'SalesOrderItem') ?? ''} of the sales order ${number}`;
      const left = decimalOf(item['RequestedQuantity'])?.toFixed() ?? 'as it is';
      throw new ActionRefused(`${what} is completed or rejected; its quantity stays ${left}`);
    }
    await client.change(
      ORDER_ITEMS,
      changes.map(({ item, quantity }) => {
        const etag = etagOf(item);
        return {
          key: { SalesOrder: number, SalesOrderItem: textAt(item, 'SalesOrderItem') ?? '' },
          fields: { RequestedQuantity: quantity },
          ...(etag === undefined ? {} : { etag }),
        };
      }),
    );
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
      if (Object.keys(missingIn(salesOrder, wishedIn(event.resource))).length > 0) return undefined;
      if ((await toRequantify(event)).length > 0) return undefined;
      await remember(event);
      return salesOrder;
    },
    send: async (event) => {
      const salesOrder = await read(event);
      const key = { SalesOrder: textAt(salesOrder, 'SalesOrder') ?? '' };
      const fields = fieldsOf(missingIn(salesOrder, wishedIn(event.resource)));
      const etag = etagOf(salesOrder);
      try {
        if (Object.keys(fields).length > 0)
          await client.change(ORDERS, [{ key, fields, ...(etag === undefined ? {} : { etag }) }]);
        const items = await toRequantify(event);
        if (items.length > 0) await requantify(key.SalesOrder, items);
      } catch (thrown) {
        if (!isStale(thrown) || !isCallFailed(thrown)) throw thrown;
        const reason = 'somebody else has changed the sales order meanwhile';
        throw new CallFailed({ kind: 'retryAfter', reason }, thrown.exchange, false);
      }
      await remember(event);
      return { ...key, ...fields };
    },
    results: () => [],
    refused: ({ resource }, reason, at) => orderRefusal(resource.id, 'erpNotChanged', reason, at),
  };
};
