import { ActionRefused, textAt, type ConnectorContext } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { isCallFailed } from '@quotebridge/platform/resilience';
import { ORDER_ITEMS, ORDERS } from './entity-sets';
import { decimalOf } from './mapping/decimal';
import {
  addedLines,
  takenOutLines,
  toAddedLine,
  wishedQuantities,
  type WishedLine,
} from './mapping/sales-order';
import type { KeyedChange, ODataClient } from './odata-client';
import { etagOf, textLiteral } from './odata-values';
import type { S4Settings } from './settings';

/** What of a product order its sales order does not have yet. */
interface Outstanding {
  readonly added: readonly WishedLine[];
  readonly changed: readonly { readonly item: JsonObject; readonly fields: JsonObject }[];
}

const lineOf = (item: JsonObject): string => textAt(item, 'SalesOrderItem') ?? '';
const isRejected = (item: JsonObject): boolean => textAt(item, 'SalesDocumentRjcnReason') !== undefined;
const isClosed = (item: JsonObject): boolean => isRejected(item) || textAt(item, 'SDProcessStatus') === 'C';

/** What of the lines of a product order was wished after it was handed over; nothing when nothing was. */
export const linesWished = (order: JsonObject): Readonly<Record<string, readonly unknown[]>> => {
  const wishes = {
    quantities: wishedQuantities(order),
    added: addedLines(order).map(({ line }) => line),
    takenOut: takenOutLines(order).map(({ line }) => line),
  };
  return Object.fromEntries(
    Object.entries(wishes).flatMap(([name, list]) => (list.length === 0 ? [] : [[name, list]])),
  );
};

/**
 * Brings the lines of a sales order to what its product order says: lines that were added, other quantities, lines that were
 * taken out. A line has the number of its place, so that it cannot be added twice, and is looked for before. Lines that are
 * there are changed as they were read, all of them or none.
 */
export class ChangedLines {
  constructor(
    private readonly client: ODataClient,
    private readonly settings: S4Settings,
    private readonly context: Pick<ConnectorContext, 'externalIdOf'>,
  ) {}

  /** Whether the sales order has all of it. What it will never have is not done: doing it says why. */
  async areDone(order: JsonObject, number: string): Promise<boolean> {
    try {
      const { added, changed } = await this.outstanding(order, number);
      return added.length + changed.length === 0;
    } catch (thrown) {
      if (thrown instanceof ActionRefused) return false;
      throw thrown;
    }
  }

  /** What is outstanding. Throws `ActionRefused` when it cannot be done, before anything is. */
  private async outstanding(order: JsonObject, number: string): Promise<Outstanding> {
    if (Object.keys(linesWished(order)).length === 0) return { added: [], changed: [] };
    const items = await this.client.all(ORDER_ITEMS, { $filter: `SalesOrder eq ${textLiteral(number)}` });
    const added: WishedLine[] = [];
    for (const wish of addedLines(order)) {
      if ((await this.itemOf(items, wish, number)) === undefined) added.push(wish);
    }
    const isAdded = new Set(added.map(({ line }) => line));
    const changed: { item: JsonObject; fields: JsonObject }[] = [];
    for (const wish of wishedQuantities(order)) {
      if (isAdded.has(wish.line)) continue;
      const item = await this.itemThere(items, wish, number);
      if (decimalOf(item['RequestedQuantity'])?.equals(wish.quantity) === true) continue;
      if (isClosed(item)) {
        const left = decimalOf(item['RequestedQuantity'])?.toFixed() ?? 'as it is';
        throw closed(item, number, 'completed or rejected', `its quantity stays ${left}`);
      }
      changed.push({ item, fields: { RequestedQuantity: wish.quantity } });
    }
    for (const wish of takenOutLines(order)) {
      const item = await this.itemOf(items, wish, number);
      if (item === undefined || isRejected(item)) continue;
      if (isClosed(item)) throw closed(item, number, 'completed', 'it is not taken out');
      changed.push({ item, fields: { SalesDocumentRjcnReason: this.settings.rejectionReason } });
    }
    return { added, changed };
  }

  /** Does what is outstanding in this sales order. */
  async apply(order: JsonObject, salesOrder: JsonObject): Promise<void> {
    const number = textAt(salesOrder, 'SalesOrder') ?? '';
    const { added, changed } = await this.outstanding(order, number);
    for (const wish of added) await this.add(order, salesOrder, wish);
    if (changed.length === 0) return;
    await this.client.change(
      ORDER_ITEMS,
      changed.map(({ item, fields }): KeyedChange => {
        const etag = etagOf(item);
        return {
          key: { SalesOrder: number, SalesOrderItem: lineOf(item) },
          fields,
          ...(etag === undefined ? {} : { etag }),
        };
      }),
    );
  }

  private async add(order: JsonObject, salesOrder: JsonObject, wish: WishedLine): Promise<void> {
    const number = textAt(salesOrder, 'SalesOrder') ?? '';
    const material = await this.context.externalIdOf(wish.offering);
    const currency = textAt(salesOrder, 'TransactionCurrency');
    const row = toAddedLine(order, wish.line, currency, this.settings, () => material);
    if (!row.ok) throw new ActionRefused(row.error);
    try {
      await this.client.create(`${ORDERS}(${encodeURIComponent(textLiteral(number))})/to_Item`, row.value);
    } catch (thrown) {
      // An earlier try whose answer was lost may have arrived after it was looked for.
      if (!isCallFailed(thrown, 'reject') || !(await this.isThere(wish, number))) throw thrown;
    }
  }

  private async isThere(wish: WishedLine, number: string): Promise<boolean> {
    const items = await this.client.all(ORDER_ITEMS, { $filter: `SalesOrder eq ${textLiteral(number)}` });
    return (await this.itemOf(items, wish, number)) !== undefined;
  }

  /** The line, when there is one; refused when it is something else. */
  private async itemOf(
    items: readonly JsonObject[],
    { line, offering }: WishedLine,
    number: string,
  ): Promise<JsonObject | undefined> {
    const found = items.find((item) => lineOf(item) === line);
    const material = await this.context.externalIdOf(offering);
    if (found === undefined || textAt(found, 'Material') === material) return found;
    throw new ActionRefused(`item ${line} of the sales order ${number} is not ${material ?? offering}`);
  }

  private async itemThere(
    items: readonly JsonObject[],
    wish: WishedLine,
    number: string,
  ): Promise<JsonObject> {
    const found = await this.itemOf(items, wish, number);
    if (found !== undefined) return found;
    throw new ActionRefused(`the sales order ${number} has no item ${wish.line}`);
  }
}

const closed = (item: JsonObject, number: string, how: string, so: string): ActionRefused =>
  new ActionRefused(`item ${lineOf(item)} of the sales order ${number} is ${how}; ${so}`);
