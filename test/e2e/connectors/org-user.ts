import { randomUUID } from 'node:crypto';
import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { SALESFORCE_SANDBOX_CREDENTIALS } from '@quotebridge/sandbox/salesforce';

const API = '/services/data/v62.0';

/** How a connector signs in to a sandbox org: the settings and the secrets that it takes for that. */
export const orgLogin = (instanceUrl: string) => {
  const { clientId, clientSecret } = SALESFORCE_SANDBOX_CREDENTIALS;
  return {
    settings: { instanceUrl, clientId, attemptSeconds: 5, currency: 'EUR' },
    secrets: { clientSecret },
  };
};

/** Works in a Salesforce sandbox as somebody who uses the org does, over its own API. */
export class OrgUser {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async signIn(url: string): Promise<OrgUser> {
    const { clientId, clientSecret } = SALESFORCE_SANDBOX_CREDENTIALS;
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const reply = await fetch(`${url}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    const { access_token: token } = (await reply.json()) as { access_token: string };
    return new OrgUser(url, token);
  }

  async create(object: string, fields: JsonObject): Promise<string> {
    const made = await this.call('POST', `sobjects/${object}`, fields);
    return String(isJsonObject(made) ? made['id'] : '');
  }

  async change(object: string, id: string, fields: JsonObject): Promise<void> {
    await this.call('PATCH', `sobjects/${object}/${id}`, fields);
  }

  /** Makes an order with products, still a draft, for the account of that number; gives its id. */
  async draftOrder(
    account: string,
    lines: readonly (readonly [code: string, quantity: number, price: number])[],
    more: JsonObject = {},
  ): Promise<string> {
    const [buyer] = await this.query(`SELECT Id FROM Account WHERE AccountNumber = '${account}'`);
    const [book] = await this.query('SELECT Id FROM Pricebook2 LIMIT 1');
    const id = await this.create('Order', {
      Name: `Spare parts ${randomUUID()}`,
      AccountId: buyer?.['Id'],
      Pricebook2Id: book?.['Id'],
      EffectiveDate: '2026-12-01',
      Status: 'Draft',
      ...more,
    });
    for (const [code, Quantity, UnitPrice] of lines) {
      const soql = `SELECT Id FROM PricebookEntry WHERE Product2.ProductCode = '${code}' LIMIT 1`;
      const [entry] = await this.query(soql);
      await this.create('OrderItem', {
        OrderId: id,
        PricebookEntryId: entry?.['Id'],
        Quantity,
        UnitPrice,
      });
    }
    return id;
  }

  /** Makes an opportunity without lines in a stage, for an account of the ERP; gives its id. */
  async opportunity(stage: string): Promise<string> {
    const [account] = await this.query('SELECT Id FROM Account WHERE AccountNumber != null LIMIT 1');
    const [book] = await this.query('SELECT Id FROM Pricebook2 LIMIT 1');
    return this.create('Opportunity', {
      Name: `Deal ${randomUUID()}`,
      AccountId: account?.['Id'],
      Pricebook2Id: book?.['Id'],
      StageName: stage,
      CloseDate: '2027-01-31',
    });
  }

  /** Adds a product to an opportunity; gives the id of the line. */
  async addLine(opportunity: string, code: string, quantity: number): Promise<string> {
    const soql = `SELECT Id FROM PricebookEntry WHERE Product2.ProductCode = '${code}' LIMIT 1`;
    const [entry] = await this.query(soql);
    const line = { OpportunityId: opportunity, PricebookEntryId: entry?.['Id'], Quantity: quantity };
    return this.create('OpportunityLineItem', line);
  }

  async remove(object: string, id: string): Promise<void> {
    await this.call('DELETE', `sobjects/${object}/${id}`);
  }

  async query(soql: string): Promise<JsonObject[]> {
    const answer = await this.call('GET', `query?q=${encodeURIComponent(soql)}`);
    const records = isJsonObject(answer) ? answer['records'] : undefined;
    return Array.isArray(records) ? records.filter(isJsonObject) : [];
  }

  private async call(method: string, path: string, body?: JsonObject): Promise<unknown> {
    const reply = await fetch(`${this.url}${API}/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
