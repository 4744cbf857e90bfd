import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { SALESFORCE_SANDBOX_CREDENTIALS } from '@quotebridge/sandbox/salesforce';
import { call, callObject } from './http';

const API = '/services/data/v62.0';

/** One line of the opportunity: product code, quantity, discount in per cent. */
export interface Line {
  readonly code: string;
  readonly quantity: number;
  readonly discount?: number;
}

/** One product of an order: product code, quantity, price of each. */
export interface Product {
  readonly code: string;
  readonly quantity: number;
  readonly price: number;
}

const recordsOf = (answer: JsonObject): JsonObject[] =>
  Array.isArray(answer['records']) ? answer['records'].filter(isJsonObject) : [];

/** Does in the Salesforce org what a salesperson does there, over the org's own API. */
export class Salesperson {
  private constructor(
    private readonly org: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  static async signIn(org: string): Promise<Salesperson> {
    const { clientId, clientSecret } = SALESFORCE_SANDBOX_CREDENTIALS;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    const token = await callObject(`${org}/services/oauth2/token`, { method: 'POST', body: form.toString() });
    return new Salesperson(org, { authorization: `Bearer ${String(token['access_token'])}` });
  }

  /** Creates an opportunity with its line items and returns its id. */
  async createOpportunity(name: string, lines: readonly Line[]): Promise<string> {
    const opportunity = await this.create('Opportunity', {
      Name: name,
      ...(await this.customer()),
      StageName: 'Proposal/Price Quote',
      CloseDate: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
    });
    for (const { code, quantity, discount } of lines) {
      await this.create('OpportunityLineItem', {
        OpportunityId: opportunity,
        ...(await this.entry(code)),
        Quantity: quantity,
        ...(discount === undefined ? {} : { Discount: discount }),
      });
    }
    return opportunity;
  }

  /** Makes an order with its products, for which this payment status holds, and activates it; gives its id. */
  async activateOrder(products: readonly Product[], payment: string): Promise<string> {
    const order = await this.create('Order', {
      ...(await this.customer()),
      EffectiveDate: new Date().toISOString().slice(0, 10),
      Status: 'Draft',
      Payment_Status__c: payment,
    });
    for (const { code, quantity, price } of products)
      await this.create('OrderItem', {
        OrderId: order,
        ...(await this.entry(code)),
        Quantity: quantity,
        UnitPrice: price,
      });
    await call(`${this.org}${API}/sobjects/Order/${order}`, {
      method: 'PATCH',
      headers: this.headers,
      body: { Status: 'Activated' },
    });
    return order;
  }

  /** The order as the salesperson sees it. */
  readOrder(id: string): Promise<JsonObject> {
    return callObject(`${this.org}${API}/sobjects/Order/${id}`, { headers: this.headers });
  }

  /** The opportunity as the salesperson sees it. */
  readOpportunity(id: string): Promise<JsonObject> {
    return callObject(`${this.org}${API}/sobjects/Opportunity/${id}`, { headers: this.headers });
  }

  /** The customer whom the salesperson deals with, by his number in the ERP. */
  async readAccount(): Promise<{ readonly number: string; readonly name: string }> {
    const account = await this.account();
    return { number: String(account['AccountNumber']), name: String(account['Name']) };
  }

  private async account(): Promise<JsonObject> {
    const [account = {}] = await this.query(
      'SELECT Id, Name, AccountNumber FROM Account WHERE AccountNumber != null ORDER BY AccountNumber LIMIT 1',
    );
    return account;
  }

  private async customer(): Promise<JsonObject> {
    const account = await this.account();
    const [book] = await this.query('SELECT Id FROM Pricebook2 LIMIT 1');
    return { AccountId: account['Id'], Pricebook2Id: book?.['Id'] };
  }

  private async entry(code: string): Promise<JsonObject> {
    const [entry] = await this.query(
      `SELECT Id FROM PricebookEntry WHERE Product2.ProductCode = '${code}' LIMIT 1`,
    );
    return { PricebookEntryId: entry?.['Id'] };
  }

  private async query(soql: string): Promise<JsonObject[]> {
    return recordsOf(
      await callObject(`${this.org}${API}/query?q=${encodeURIComponent(soql)}`, { headers: this.headers }),
    );
  }

  private async create(object: string, body: JsonObject): Promise<string> {
    const made = await callObject(`${this.org}${API}/sobjects/${object}`, {
      method: 'POST',
      headers: this.headers,
      body,
    });
    return String(made['id']);
  }
}
