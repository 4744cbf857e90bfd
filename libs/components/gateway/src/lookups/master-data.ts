import { isJsonObject, Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import { JsonText } from '../api/json-text';
import { exactly, refusalOf, type CallTerms, type ComponentClient } from '../component-client';
import type { Buyers } from '../customers/buyers';

const PRODUCTS = '/tmf-api/productInventory/v5/product';

type Query = Readonly<Record<string, string | undefined>>;

const queryText = (query: Query): string => {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given as [string, string][]).toString()}`;
};

type Caller = Pick<ComponentClient, 'call'>;

/**
 * What the components know of parts, prices and machines. Refuses with their words, or 503 when the answer, with all the calls
 * that it takes, is not there after `deadlineMs`.
 */
export class MasterData {
  constructor(
    private readonly catalog: Caller,
    private readonly inventory: Caller,
    private readonly buyers: Buyers,
    private readonly deadlineMs: number,
  ) {}

  /** Without `priceList` it is the price by the lists that the customer buys from. */
  async price(part: string, { customer = '', ...query }: Query, trace?: Context): Promise<JsonObject> {
    const how = this.begin(trace);
    const { number, lists } = await this.buyers.of(customer, how);
    const asked = { ...query, customer: number, priceList: query['priceList'] ?? lists.join(',') };
    const path = `/views/parts/${encodeURIComponent(part)}/price${queryText(asked)}`;
    return this.read(this.catalog, path, '/views/parts/{part}/price', how);
  }

  /** Of a machine only its serial number may be known: its model is found first. */
  async compatibility(
    part: string,
    { model, serial, effective }: Query,
    trace?: Context,
  ): Promise<JsonObject> {
    const how = this.begin(trace);
    const machine = model ?? (await this.modelOf(serial ?? '', how));
    const asked = { model: machine, serialNumber: serial, effective };
    const path = `/views/parts/${encodeURIComponent(part)}/compatibility${queryText(asked)}`;
    return this.read(this.catalog, path, '/views/parts/{part}/compatibility', how);
  }

  /** As text: a structure may have thousands of lines, and nobody here reads them. It says itself when it was so (`asOf`). */
  async bom(serial: string, query: Query, trace?: Context): Promise<JsonText> {
    const path = `/views/bom/${encodeURIComponent(serial)}${queryText(query)}`;
    const route = '/views/bom/{serial}';
    const answer = await this.inventory.call({
      method: 'GET',
      path,
      route,
      isPassedOn: true,
      ...this.begin(trace),
    });
    if (answer.text !== undefined) return JsonText.of(answer.text);
    throw refusalOf(answer);
  }

  /** All calls of an answer end together. */
  private begin(trace: Context | undefined): CallTerms {
    const signal = AbortSignal.timeout(this.deadlineMs);
    return { signal, ...(trace === undefined ? {} : { trace }) };
  }

  /** Id of the model of a machine: its product specification. */
  private async modelOf(serial: string, how: CallTerms): Promise<string> {
    const { status, body } = await this.inventory.call({
      method: 'GET',
      path: `${PRODUCTS}${queryText({ productSerialNumber: exactly(serial), fields: 'productSpecification', limit: '2' })}`,
      route: PRODUCTS,
      ...how,
    });
    const found = status < 300 && Array.isArray(body) ? body.filter(isJsonObject) : [];
    const named = serial.slice(0, 200);
    if (found.length > 1)
      throw new Refusal(
        409,
        'ambiguousSerialNumber',
        `Several machines have the serial number ${named}; ask by model`,
      );
    const [machine] = found;
    if (machine === undefined)
      throw new Refusal(404, 'notFound', `There is no machine with the serial number ${named}`);
    const specification = machine['productSpecification'];
    const id = isJsonObject(specification) ? specification['id'] : undefined;
    if (typeof id === 'string') return id;
    throw new Refusal(422, 'noModel', `The model of the machine ${named} is not known; ask by model`);
  }

  private async read(client: Caller, path: string, route: string, how: CallTerms): Promise<JsonObject> {
    const answer = await client.call({ method: 'GET', path, route, ...how });
    if (answer.status === 200 && isJsonObject(answer.body)) return answer.body;
    throw refusalOf(answer);
  }
}
