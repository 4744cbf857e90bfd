import { isJsonObject, objectsIn, type Json, type JsonObject } from '@quotebridge/platform/core';
import { Clerk } from './clerk';
import { S4_INSTANCE } from './crm-and-erp';
import { orderInCrm } from './crm-order';
import { callList, callObject, until } from './http';
import { loadFromErp, lookUp } from './erp-data';
import { offerForMoments } from './late-offer';
import { loadPartsList } from './parts-list';
import { pricedQuote, quoteOf } from './priced-quote';
import { renameCustomer } from './renamed-customer';
import { Salesperson } from './salesperson';
import type { Suite } from './suite';

const LINES = [
  { code: 'SP-1001', quantity: 2, discount: 5 },
  { code: 'SP-2001', quantity: 10 },
  { code: 'SC-2002', quantity: 1 },
];

type Say = (line: string) => void;

const inner = (value: Json | undefined, name: string): JsonObject => {
  const found = isJsonObject(value) ? value[name] : undefined;
  return isJsonObject(found) ? found : {};
};

/** A price entry in words: `5 601.00 EUR` or `740.00 EUR per month`. */
const amount = (entry: JsonObject): string => {
  const net = inner(entry['price'], 'dutyFreeAmount');
  const period = entry['recurringChargePeriod'];
  return `${String(net['value'])} ${String(net['unit'])}${typeof period === 'string' ? ` per ${period}` : ''}`;
};

const totals = (entries: Json | undefined): string => objectsIn(entries).map(amount).join(' + ');

const salesOrderOf = (order: JsonObject): string | undefined => {
  const found = objectsIn(order['externalIdentifier']).concat(objectsIn(order['externalId']));
  const id = found.find((entry) => entry['externalIdentifierType'] === 'salesOrder')?.['id'];
  return typeof id === 'string' ? id : undefined;
};

/** Tells the steps with the time each took. */
class Storyteller {
  private last = Date.now();
  private step = 0;

  constructor(private readonly say: Say) {}

  tell(text: string): void {
    const now = Date.now();
    this.step += 1;
    this.say(`  ${String(this.step).padStart(2)}. ${text} (${now - this.last} ms)`);
    this.last = now;
  }
}

/**
 * The main job, done once: master data from the ERP, an opportunity from the CRM, a quote, its approval and
 * acceptance, an order, one sales order in the ERP although its first answer is lost, and the news back to the CRM.
 * Throws with the reason when a step does not come about.
 */
export const runDeal = async (
  suite: Suite,
  addresses: Readonly<Record<string, string>>,
  say: Say,
): Promise<void> => {
  const at = (name: string): string => addresses[name] ?? '';
  const story = new Storyteller(say);
  say('\nThe deal, from Salesforce to S/4HANA and back');

  const clerk = new Clerk(suite.s4SandboxUrl);
  const tell = (line: string): void => story.tell(line);
  await loadFromErp(suite, clerk, tell);
  await loadPartsList(suite.suppliers, tell);
  await lookUp(suite.components.find((one) => one.name === 'gateway')?.url ?? '', clerk, tell);

  const salesperson = await Salesperson.signIn(suite.salesforceSandboxUrl);
  const tellOfLateOffer = await offerForMoments(suite, at('TMF648/v5'), salesperson);
  const name = `Overhaul of press line ${new Date().toISOString().slice(0, 19)}`;
  const opportunity = await salesperson.createOpportunity(name, LINES);
  story.tell(`Salesforce opportunity ${opportunity} "${name}" with ${LINES.length} lines`);

  const quoteUrl = quoteOf(at('TMF648/v5'), opportunity);
  await suite.salesforceConnector.runStream('opportunities');
  const priced = await pricedQuote(quoteUrl, LINES.length);
  story.tell(`TMF648 quote ${String(priced['id'])} priced: ${totals(priced['quoteTotalPrice'])}`);

  const patch = (body: JsonObject): Promise<JsonObject> =>
    callObject(quoteUrl, { method: 'PATCH', body: { '@type': 'Quote', ...body } });
  const asked = objectsIn(priced['authorization']);
  if (asked.length > 0) {
    await patch({ authorization: asked.map((entry) => ({ ...entry, state: 'approved' })) });
    story.tell(`Authorization given: ${asked.map((entry) => String(entry['name'])).join(', ')}`);
  }
  await patch({ state: 'approved' });
  story.tell('Quote approved: its prices are frozen');

  await clerk.loseNextAnswer();
  const accepted = await patch({ state: 'accepted' });
  story.tell('Quote accepted by the customer (the ERP is told to lose its next answer)');

  const quoteId = String(accepted['id']);
  const order = await until(
    'A product order of the quote',
    async () => (await callList(`${at('TMF622/v5')}/productOrder?quote.id=${quoteId}`))[0],
  );
  const orderUrl = `${at('TMF622/v5')}/productOrder/${String(order['id'])}`;
  story.tell(`TMF622 order ${String(order['id'])}: ${totals(order['orderTotalPrice'])}`);

  const handed = await until(
    'A sales order in S/4HANA',
    async () => {
      const found = await callObject(orderUrl);
      return salesOrderOf(found) === undefined ? undefined : found;
    },
    120_000,
  );
  const number = salesOrderOf(handed) ?? '';
  const inErp = await clerk.ordersFor(String(order['id']));
  if (inErp.length !== 1) throw new Error(`S/4HANA has ${inErp.length} sales orders for one product order`);
  story.tell(
    `S/4HANA sales order ${number}: ${String(inErp[0]?.['TotalNetAmount'])} ${String(inErp[0]?.['TransactionCurrency'])}, exactly one; the order is ${String(handed['state'])}`,
  );

  await clerk.complete(number);
  await suite.s4Connector.runStream('orderStatuses');
  const completed = await until('The completion of the order', async () => {
    const found = await callObject(orderUrl);
    return found['state'] === 'completed' ? found : undefined;
  });
  story.tell(`S/4HANA has delivered: the order is ${String(completed['state'])}`);

  const noted = await until('The order number on the quote', async () => {
    const found = await callObject(quoteUrl);
    return salesOrderOf(found) === undefined ? undefined : found;
  });
  story.tell(`The quote knows sales order ${salesOrderOf(noted) ?? ''}`);

  const won = await until('The closing of the opportunity', async () => {
    const found = await salesperson.readOpportunity(opportunity);
    return found['StageName'] === 'Closed Won' && found['ERP_Order_Status__c'] === 'completed'
      ? found
      : undefined;
  });
  story.tell(
    `Salesforce opportunity ${String(won['StageName'])}, amount ${String(won['Amount'])}, order ${String(won['ERP_Order_Number__c'])} ${String(won['ERP_Order_Status__c'] ?? '')}`,
  );
  await tellOfLateOffer(tell);
  await orderInCrm(suite, clerk, salesperson, tell);
  await renameCustomer(suite, clerk, salesperson, tell);
  say(`  Done: catalog from ${S4_INSTANCE}, quote, orders and sales orders agree.`);
};
