import { isJsonObject, Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import { refusalOf, type ComponentClient } from '../component-client';
import type { PriceLists } from '../customers/price-lists';

const PRODUCTS = '/tmf-api/productInventory/v5/product';

type Query = Readonly<Record<string, string | undefined>>;

const queryText = (query: Query): string => {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given as [string, string][]).toString()}`;
};

/** What the components know of parts, prices and machines. Refuses with their words, or 503 when one does not answer in time. */
export class MasterData {
  constructor(
    private readonly catalog: ComponentClient,
    private readonly inventory: ComponentClient,
    private readonly priceLists: PriceLists,
    private readonly deadlineMs: number,
  ) {}

  /** Without `priceList` it is the price by the lists that the customer buys from. */
  async price(part: string, { customer = '', ...query }: Query, trace?: Context): Promise<JsonObject> {
    const priceList =
      query['priceList'] ?? (await this.priceLists.of(customer, this.deadlineMs / 2, trace)).join(',');
    const asked = { ...query, customer, priceList };
    const path = `/views/parts/${encodeURIComponent(part)}/price${queryText(asked)}`;
    return this.read(this.catalog, path, '/views/parts/{part}/price', trace);
  }

  compatibility(part: string, query: Query, trace?: Context): Promise<JsonObject> {
    const path = `/views/parts/${encodeURIComponent(part)}/compatibility${queryText(query)}`;
    // The model of a machine may have to be found first.
    return this.read(this.catalog, path, '/views/parts/{part}/compatibility', trace, this.deadlineMs / 2);
  }

  bom(serial: string, query: Query, trace?: Context): Promise<JsonObject> {
    const path = `/views/bom/${encodeURIComponent(serial)}${queryText(query)}`;
    return this.read(this.inventory, path, '/views/bom/{serial}', trace);
  }

  /** Id of the model of a machine: its product specification. */
  async modelOf(serial: string, trace?: Context): Promise<string> {
    const { status, body } = await this.inventory.call({
      method: 'GET',
      path: `${PRODUCTS}${queryText({ productSerialNumber: serial, fields: 'productSpecification', limit: '2' })}`,
      route: PRODUCTS,
      deadlineMs: this.deadlineMs / 2,
      ...(trace === undefined ? {} : { trace }),
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

  private async read(
    client: ComponentClient,
    path: string,
    route: string,
    trace: Context | undefined,
    deadlineMs = this.deadlineMs,
  ): Promise<JsonObject> {
    const answer = await client.call({
      method: 'GET',
      path,
      route,
      deadlineMs,
      ...(trace === undefined ? {} : { trace }),
    });
    if (answer.status === 200 && isJsonObject(answer.body)) return answer.body;
    throw refusalOf(answer);
  }
}
