import { isoNow, type Clock, type JsonObject } from '@quotebridge/platform/core';
import {
  ActionRefused,
  ORDER_EVENTS,
  paymentStatusOf,
  textAt,
  type Action,
  type ActionEvent,
} from '@quotebridge/connectors/sdk';
import { bornOf, isShown, opportunityOf, orderOf } from './crm-order';
import { chunks, MOST_COLLECTIONS, MOST_RECORDS } from './limits';
import { currencyOf } from './mapping/currency';
import { orderInOther, reportOf, shownLines } from './mapping/shown-order';
import { entriesOf } from './price-book';
import type { CompositePart, RestClient } from './rest-client';
import type { OrderSettings, SalesforceSettings } from './settings';
import { soqlText } from './soql';

/** What showing orders needs. */
export interface ShowOrderDeps {
  readonly client: Pick<RestClient, 'all' | 'query' | 'composite' | 'call'>;
  readonly settings: Pick<
    SalesforceSettings,
    'offeringSource' | 'unitPriceDecimals' | 'multiCurrency' | 'currency'
  >;
  readonly orders: OrderSettings;
  readonly clock: Clock;
  readonly instance: string;
}

const UNDONE: ReadonlySet<unknown> = new Set(['assessingCancellation', 'pendingCancellation', 'cancelled']);

/** True for an order that is cancelled, maybe because its record in the CRM was deleted: there is nothing to show then. */
const isUndone = ({ state }: JsonObject): boolean => UNDONE.has(state);

/** How the payment stands when the order is made: what was told before found no order to write to. */
const paymentOf = (productOrder: JsonObject, { payment }: OrderSettings): JsonObject => {
  const status = paymentStatusOf(productOrder);
  return payment === undefined || status === null ? {} : { [payment.field]: status };
};

/**
 * Shows product orders in the CRM. One that was made there gets number and state on the order it was made of. The order of
 * a quote becomes one Order with its products, known by the external id field that holds the product order's id, so that
 * none is made twice; number and state follow.
 */
export const showOrder = ({ client, settings, orders, clock, instance }: ShowOrderDeps): Action => {
  const wanted = ({ resource }: ActionEvent): JsonObject => ({
    ...(bornOf(resource, instance) === undefined ? {} : { [orders.idField]: resource.id }),
    ...reportOf(resource, orders),
  });
  const find = async (event: ActionEvent): Promise<JsonObject | undefined> => {
    const [order] = await client.all(orderOf(event.resource, Object.keys(wanted(event)), orders, instance));
    return order;
  };

  /** A new order with its products, in one request: all of it or nothing. */
  const make = async (event: ActionEvent): Promise<void> => {
    const { resource } = event;
    const opportunity = opportunityOf(resource, instance) ?? '';
    const fields = [
      'AccountId',
      'Pricebook2Id',
      'Name',
      ...(settings.multiCurrency ? ['CurrencyIsoCode'] : []),
    ];
    const [found] = await client.all(
      `SELECT ${fields.join(', ')} FROM Opportunity WHERE Id = ${soqlText(opportunity)}`,
    );
    if (found === undefined) throw new ActionRefused(`there is no opportunity ${opportunity}`);
    const book = textAt(found, 'Pricebook2Id');
    const lines = book === undefined ? [] : shownLines(resource, settings.unitPriceDecimals);
    if (lines.length > MOST_COLLECTIONS * MOST_RECORDS)
      throw new ActionRefused(`the CRM takes at most ${MOST_COLLECTIONS * MOST_RECORDS} products at once`);
    const offerings = lines.map(({ offering }) => offering);
    const currency = textAt(found, 'CurrencyIsoCode');
    const isOther = orderInOther(resource, currencyOf(found, settings));
    if (isOther !== undefined && lines.length > 0)
      throw new ActionRefused(`its products cannot be shown in the CRM: ${isOther}`);
    const entries = await entriesOf(client, book ?? '', offerings, settings.offeringSource, currency);
    const body = {
      [orders.idField]: resource.id,
      AccountId: found['AccountId'],
      OpportunityId: opportunity,
      ...(book === undefined ? {} : { Pricebook2Id: book }),
      ...(currency === undefined ? {} : { CurrencyIsoCode: currency }),
      Name: (textAt(found, 'Name') ?? '').slice(0, 80),
      EffectiveDate: (textAt(resource, 'orderDate') ?? isoNow(clock)).slice(0, 10),
      Status: orders.status,
      ...paymentOf(resource, orders),
      ...reportOf(resource, orders),
    };
    const items = lines.map(({ offering, fields }): JsonObject => ({
      attributes: { type: 'OrderItem' },
      OrderId: '@{order.id}',
      PricebookEntryId: entries.get(offering) ?? '',
      ...fields,
    }));
    const parts: CompositePart[] = [
      { method: 'POST', path: 'sobjects/Order', referenceId: 'order', body },
      ...chunks(items, MOST_RECORDS).map((records, index): CompositePart => ({
        method: 'POST',
        path: 'composite/sobjects',
        referenceId: `items${index}`,
        body: { allOrNone: true, records: [...records] },
      })),
    ];
    // What was made is looked up before it is sent again: somebody may have gone on with it.
    await client.composite(parts, false);
  };

  return {
    name: 'showOrder',
    title: 'Showing the order in the CRM',
    subjects: ORDER_EVENTS,
    effect: 'latest',
    key: ({ resource }) => (isShown(resource, instance) ? resource.id : undefined),
    lookup: async (event) => {
      const order = await find(event);
      if (order === undefined && isUndone(event.resource) && bornOf(event.resource, instance) !== undefined)
        return event.resource;
      const isDone = Object.entries(wanted(event)).every(([field, value]) => order?.[field] === value);
      return isDone ? order : undefined;
    },
    send: async (event) => {
      const order = await find(event);
      const fields = wanted(event);
      const born = bornOf(event.resource, instance);
      if (order !== undefined)
        await client.call('PATCH', `sobjects/Order/${textAt(order, 'Id') ?? ''}`, fields, true);
      else if (born === undefined) await make(event);
      else throw new ActionRefused(`there is no order ${born} any more`);
      return { order: event.resource.id, ...fields };
    },
    results: () => [],
  };
};
