import { isJsonObject, Refusal, type Fault, type Json } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import { refusalOf, type CallTerms, type ComponentAnswer, type ComponentClient } from '../component-client';
import type { Buyers } from '../customers/buyers';
import { decimalText, lineTotal, placedParts } from './amounts';
import type { BusinessOrder, OrderedPart } from './business-order';

/** A question for the price of a part. */
interface PriceQuestion {
  readonly part: string;
  readonly quantity: number;
  readonly customer: string;
  readonly currency: string;
  /** Those that the customer buys from, with commas between them. */
  readonly priceList: string;
}

const netOf = ({ status, body }: ComponentAnswer): string | undefined => {
  const net: Json | undefined = status === 200 && isJsonObject(body) ? body['net'] : undefined;
  return decimalText(net);
};

/** What the catalog asks for parts whose price the caller did not give. */
export class PartPrices {
  constructor(
    private readonly catalog: Pick<ComponentClient, 'call'>,
    private readonly buyers: Buyers,
    /** Longest wait for all prices of an order together, milliseconds. */
    private readonly deadlineMs: number,
  ) {}

  /** The order with a price on every line. Throws a 422 that names each line without one. */
  async complete(order: BusinessOrder, trace?: Context): Promise<BusinessOrder> {
    if (placedParts(order.items).every(([, part]) => lineTotal(part) !== undefined)) return order;
    const faults: Fault[] = [];
    const { currency } = order;
    const how = { signal: AbortSignal.timeout(this.deadlineMs), ...(trace === undefined ? {} : { trace }) };
    const { number: customer, lists } = await this.buyers.of(order.customer.id, how);
    const priceList = lists.join(',');
    const items = await Promise.all(
      order.items.map(async (part, index): Promise<OrderedPart> => {
        if (lineTotal(part) !== undefined) return part;
        const { quantity } = part;
        const answer = await this.ask({ part: part.part, quantity, customer, currency, priceList }, how);
        const total = netOf(answer);
        if (total !== undefined) return { ...part, total };
        const { message } = refusalOf(answer);
        faults.push({ path: `/items/${index}`, message: `has no price, and ${message}`, code: 'noPrice' });
        return part;
      }),
    );
    const [first] = faults;
    if (first) throw new Refusal(422, 'noPrice', `${first.path} ${first.message}`, { faults });
    return { ...order, items };
  }

  private ask({ part, quantity, ...asked }: PriceQuestion, how: CallTerms): Promise<ComponentAnswer> {
    const query = new URLSearchParams({ ...asked, quantity: String(quantity) }).toString();
    return this.catalog.call({
      method: 'GET',
      path: `/views/parts/${encodeURIComponent(part)}/price?${query}`,
      route: '/views/parts/{part}/price',
      ...how,
    });
  }
}
