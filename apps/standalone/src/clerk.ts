import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { S4_SANDBOX_CREDENTIALS } from '@quotebridge/sandbox/s4hana';
import { callObject } from './http';

const ORDERS = '/sap/opu/odata/sap/API_SALES_ORDER_SRV/A_SalesOrder';

/** Looks into the S/4HANA system as somebody in order processing does, over its OData API. */
export class Clerk {
  private readonly headers: Readonly<Record<string, string>>;

  constructor(private readonly system: string) {
    const { user, password } = S4_SANDBOX_CREDENTIALS;
    this.headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  }

  /** Every sales order that was made for a product order. There must never be more than one. */
  async ordersFor(productOrder: string): Promise<JsonObject[]> {
    const filter = encodeURIComponent(`ExternalDocumentID eq '${productOrder}'`);
    const answer = await callObject(`${this.system}${ORDERS}?$filter=${filter}&$format=json`, {
      headers: this.headers,
    });
    const found = isJsonObject(answer['d']) ? answer['d']['results'] : [];
    return Array.isArray(found) ? found.filter(isJsonObject) : [];
  }

  /** Delivers and invoices an order: what the warehouse does, by the sandbox's own switch. */
  async complete(salesOrder: string): Promise<void> {
    await callObject(`${this.system}/__sandbox/orders/${salesOrder}/advance`, {
      method: 'POST',
      body: { to: 'C' },
    });
  }

  /** Arms a fault: the next order is stored, but its answer never arrives. */
  async loseNextAnswer(): Promise<void> {
    await callObject(`${this.system}/__sandbox/faults`, {
      method: 'POST',
      body: { name: 'dropResponseAfterCommit', times: 1, method: 'POST', path: 'A_SalesOrder' },
    });
  }
}
