import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { S4_SANDBOX_CREDENTIALS } from '@quotebridge/sandbox/s4hana';
import { call, callObject } from './http';

const ROOT = '/sap/opu/odata/sap';
const ORDERS = 'API_SALES_ORDER_SRV/A_SalesOrder';
const ORDER_TEXTS = 'API_SALES_ORDER_SRV/A_SalesOrderText';
const PRICES = 'API_SLSPRICINGCONDITIONRECORD_SRV';
const BOM_ITEMS = 'API_BILL_OF_MATERIAL_SRV;v=2/MaterialBOMItem';
const EQUIPMENT = 'API_EQUIPMENT/Equipment';
const PARTNERS = 'API_BUSINESS_PARTNER/A_BusinessPartner';

/** Header text of sales orders with their payment status. */
export const PAYMENT_TEXT = 'ZPAY';

/** A machine with whom it belongs to and a part that is listed for it. */
export interface ListedMachine {
  readonly serial: string;
  readonly customer: string;
  readonly part: string;
}

/** Looks into the S/4HANA system and changes data there as its people do, over its OData API. */
export class Clerk {
  private readonly headers: Readonly<Record<string, string>>;

  constructor(private readonly system: string) {
    const { user, password } = S4_SANDBOX_CREDENTIALS;
    this.headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  }

  /** Every sales order that was made for a product order. There must never be more than one. */
  async ordersFor(productOrder: string): Promise<JsonObject[]> {
    return this.find(ORDERS, `ExternalDocumentID eq '${productOrder}'`);
  }

  /** A machine of a customer and a spare part of its model. */
  async machine(): Promise<ListedMachine> {
    const equipment = await this.first(EQUIPMENT, "SerialNumber ne ''");
    const model = String(equipment['Material']);
    const item = await this.first(BOM_ITEMS, `Material eq '${model}' and BOMItemIsSparePart ne ''`);
    const partner = await this.first(
      `${EQUIPMENT}Partner`,
      `Equipment eq '${String(equipment['Equipment'])}' and PartnerFunction eq 'AG'`,
    );
    return {
      serial: String(equipment['SerialNumber']),
      customer: String(partner['Partner']),
      part: String(item['BillOfMaterialComponent']),
    };
  }

  /** Raises the list price of a spare part by one; gives the new price. */
  async raisePrice(): Promise<{ readonly part: string; readonly price: string }> {
    const { part } = await this.machine();
    const key = await this.first(
      `${PRICES}/A_SlsPrcgCndnRecdValidity`,
      `Material eq '${part}' and ConditionType eq 'PPR0' and Customer eq '' and PriceListType eq ''`,
    );
    const record = String(key['ConditionRecord']);
    const found = await this.first(`${PRICES}/A_SlsPrcgConditionRecord`, `ConditionRecord eq '${record}'`);
    const price = (Number(found['ConditionRateValue']) + 1).toFixed(2);
    await this.change(`${PRICES}/A_SlsPrcgConditionRecord('${record}')`, { ConditionRateValue: price });
    return { part, price: `${price} ${String(found['ConditionRateValueUnit'])}` };
  }

  /** Gives a machine a name of today; gives its serial number. */
  async renameMachine(): Promise<string> {
    const equipment = await this.first(EQUIPMENT, "SerialNumber ne ''");
    const number = String(equipment['Equipment']);
    const [model = ''] = String(equipment['EquipmentName']).split(', ');
    await this.change(`${EQUIPMENT}(Equipment='${number}',ValidityEndDate=datetime'9999-12-31T00:00:00')`, {
      EquipmentName: `${model}, ${new Date().toISOString().slice(0, 19)}`,
    });
    return String(equipment['SerialNumber']);
  }

  /** Gives a customer a name of today; gives it. */
  async renameCustomer(number: string): Promise<string> {
    const partner = await this.first(PARTNERS, `BusinessPartner eq '${number}'`);
    const [name = ''] = String(partner['BusinessPartnerFullName']).split(', since');
    const renamed = `${name}, since ${new Date().toISOString().slice(0, 19)}`;
    await this.change(`${PARTNERS}('${number}')`, { BusinessPartnerFullName: renamed });
    return renamed;
  }

  /** Delivers and invoices an order: what the warehouse does, by the sandbox's own switch. */
  async complete(salesOrder: string): Promise<void> {
    await callObject(`${this.system}/__sandbox/orders/${salesOrder}/advance`, {
      method: 'POST',
      body: { to: 'C' },
    });
  }

  /** The payment status of a sales order: one of its header texts; undefined when there is none. */
  async paymentOf(salesOrder: string): Promise<string | undefined> {
    const texts = await this.find(ORDER_TEXTS, `SalesOrder eq '${salesOrder}'`);
    const text = texts.find((one) => one['LongTextID'] === PAYMENT_TEXT)?.['LongText'];
    return typeof text === 'string' ? text : undefined;
  }

  /** Notes how the payment of a sales order stands, as accounting does. */
  async notePayment(salesOrder: string, LongText: string): Promise<void> {
    const key = `SalesOrder='${salesOrder}',Language='EN',LongTextID='${PAYMENT_TEXT}'`;
    await this.change(`${ORDER_TEXTS}(${key})`, { LongText });
  }

  /** Arms a fault: the next order is stored, but its answer never arrives. */
  async loseNextAnswer(): Promise<void> {
    await callObject(`${this.system}/__sandbox/faults`, {
      method: 'POST',
      body: { name: 'dropResponseAfterCommit', times: 1, method: 'POST', path: 'A_SalesOrder' },
    });
  }

  private async find(set: string, filter: string): Promise<JsonObject[]> {
    const query = `$filter=${encodeURIComponent(filter)}&$format=json`;
    const answer = await callObject(`${this.system}${ROOT}/${set}?${query}`, { headers: this.headers });
    const found = isJsonObject(answer['d']) ? answer['d']['results'] : [];
    return Array.isArray(found) ? found.filter(isJsonObject) : [];
  }

  private async first(set: string, filter: string): Promise<JsonObject> {
    const [found] = await this.find(set, filter);
    if (found === undefined) throw new Error(`S/4HANA has no ${set} with ${filter}`);
    return found;
  }

  /** Writes as the OData API wants it: with a CSRF token and the cookies that came with it. */
  private async change(path: string, body: JsonObject): Promise<void> {
    const [service = ''] = path.split('/');
    const session = await fetch(`${this.system}${ROOT}/${service}/`, {
      headers: { ...this.headers, 'x-csrf-token': 'Fetch' },
    });
    const cookies = session.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
    await call(`${this.system}${ROOT}/${path}`, {
      method: 'PATCH',
      body,
      headers: {
        ...this.headers,
        'x-csrf-token': session.headers.get('x-csrf-token') ?? '',
        cookie: cookies.join('; '),
        'if-match': '*',
      },
    });
  }
}
