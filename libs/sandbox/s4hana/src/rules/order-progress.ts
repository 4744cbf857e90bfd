import type { Row } from '@quotebridge/sandbox/core';
import { stamped, type WriteScope } from '../odata/write';
import { itemsOf, settleHeader } from './order-parts';
import { set, store, text } from './rows';

/** Moves an order to a process status (B partly done, C completed), items and delivered quantities with it. */
export const moveSalesOrder = (scope: WriteScope, order: string, to: 'B' | 'C'): Row | undefined => {
  const { tables } = scope;
  const header = tables.get('A_SalesOrder', order);
  if (header === undefined) return undefined;
  for (const item of itemsOf(tables, order)) {
    if (text(item, 'SalesDocumentRjcnReason') !== '') continue;
    const OrderRelatedBillingStatus = to === 'C' ? 'C' : 'A';
    const moved = { ...item, SDProcessStatus: to, DeliveryStatus: to, OrderRelatedBillingStatus };
    store(tables, 'A_SalesOrderItem', stamped(set('A_SalesOrderItem'), moved, scope.now));
    const line = tables.get(
      'A_SalesOrderScheduleLine',
      [order, item['SalesOrderItem'], '1'].map(String).join('\u0001'),
    );
    if (to === 'C' && line !== undefined) {
      store(tables, 'A_SalesOrderScheduleLine', {
        ...line,
        DeliveredQtyInOrderQtyUnit: line['ScheduleLineOrderQuantity'] ?? '0',
      });
    }
  }
  return settleHeader(scope, {
    ...header,
    OverallSDProcessStatus: to,
    OverallDeliveryStatus: to,
    OverallTotalDeliveryStatus: to,
    OverallOrdReltdBillgStatus: to === 'C' ? 'C' : 'A',
  });
};

/** Moves every order that is old enough: to B after one `afterMs` since its creation, to C after two. Gives those moved. */
export const moveDueOrders = (scope: WriteScope, afterMs: number): readonly Row[] =>
  scope.tables.all('A_SalesOrder').flatMap((header) => {
    const age = scope.now - Number(header['_createdAt'] ?? scope.now);
    const due = age >= 2 * afterMs ? 'C' : age >= afterMs ? 'B' : 'A';
    if (due === 'A' || text(header, 'OverallSDProcessStatus') >= due) return [];
    const moved = moveSalesOrder(scope, text(header, 'SalesOrder'), due);
    return moved === undefined ? [] : [moved];
  });
