import { stableId, type JsonObject } from '@quotebridge/platform/core';
import type { Clerk } from './clerk';
import { SALESFORCE_INSTANCE } from './crm-and-erp';
import { until } from './http';
import type { Salesperson } from './salesperson';
import type { Suite } from './suite';
import { went } from './went';

const PRODUCTS = [
  { code: 'SP-1001', quantity: 2, price: 2480.5 },
  { code: 'SP-2001', quantity: 3, price: 99.99 },
];

/** An order that is made in the CRM: its way to the ERP, and how its payment status stays the same on both sides. */
export const orderInCrm = async (
  { salesforceConnector, s4Connector }: Suite,
  clerk: Clerk,
  salesperson: Salesperson,
  tell: (line: string) => void,
): Promise<void> => {
  const id = await salesperson.activateOrder(PRODUCTS, 'open');
  went(await salesforceConnector.runStream('orders'));
  const shows = (what: string, fits: (order: JsonObject) => boolean): Promise<JsonObject> =>
    until(`${what} on the order in Salesforce`, async () => {
      const order = await salesperson.readOrder(id);
      return fits(order) ? order : undefined;
    });
  const order = await shows('The number', (found) => typeof found['ERP_Order_Number__c'] === 'string');
  const sold = await clerk.ordersFor(stableId(SALESFORCE_INSTANCE, 'productOrder', id));
  if (sold.length !== 1) throw new Error(`S/4HANA has ${sold.length} sales orders for one order of the CRM`);
  const [{ SalesOrder: number, TotalNetAmount: net, TransactionCurrency: currency } = {}] = sold;
  tell(
    `Salesforce order ${String(order['OrderNumber'])} of ${String(order['TotalAmount'])}, activated there: S/4HANA sales order ${String(number)}: ${String(net)} ${String(currency)}, exactly one`,
  );

  went(await salesforceConnector.runStream('payments'));
  await until('The payment status in S/4HANA', async () =>
    (await clerk.paymentOf(String(number))) === 'open' ? true : undefined,
  );
  await clerk.notePayment(String(number), 'paid');
  went(await s4Connector.runStream('payments'));
  const paid = await shows('The payment', (found) => found['Payment_Status__c'] === 'paid');
  tell(
    `Payment status: open from Salesforce to S/4HANA; ${String(net)} ${String(currency)} paid there, ${String(paid['Payment_Status__c'])} in Salesforce`,
  );
};
