import { isJsonObject, messageOf, Refusal, type Clock, type JsonObject } from '@quotebridge/platform/core';
import { Agent, request } from 'undici';
import type { FindOffering, OfferingView } from './catalog-rules';

const MAX_KEPT = 10_000;
const FIELDS = 'lifecycleStatus,isSellable,validFor';

/** How the catalog is reached. */
export interface HttpOfferingsOptions {
  /** Base address of TMF620 v5. */
  readonly baseUrl: string;
  readonly apiKey?: () => string;
  readonly deadlineMs: number;
  /** For so long an answer is used again, milliseconds. */
  readonly freshMs: number;
  readonly clock: Clock;
}

const timeAt = (period: JsonObject, name: string): number | undefined => {
  const text = period[name];
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
};

/** What the order rules look at, out of an offering of TMF620 v5. */
export const offeringView = (offering: JsonObject): OfferingView => {
  const period = isJsonObject(offering['validFor']) ? offering['validFor'] : {};
  const validFrom = timeAt(period, 'startDateTime');
  const validTo = timeAt(period, 'endDateTime');
  return {
    lifecycleStatus: String(offering['lifecycleStatus'] ?? ''),
    ...(typeof offering['isSellable'] === 'boolean' ? { isSellable: offering['isSellable'] } : {}),
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validTo === undefined ? {} : { validTo }),
  };
};

interface Kept {
  readonly view: OfferingView | undefined;
  readonly until: number;
}

/** Reads offerings over TMF620 v5, kept for a few seconds. A catalog that does not answer is a 503. */
export class HttpOfferings {
  private readonly agent: Agent;
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly options: HttpOfferingsOptions) {
    this.agent = new Agent({ connections: 16, keepAliveTimeout: 30_000 });
  }

  /** Looks up the offerings with these ids. */
  async find(ids: readonly string[]): Promise<FindOffering> {
    const found = new Map(await Promise.all(ids.map(async (id) => [id, await this.read(id)] as const)));
    return (id) => found.get(id);
  }

  private async read(id: string): Promise<OfferingView | undefined> {
    const now = this.options.clock.now();
    const known = this.kept.get(id);
    if (known && now < known.until) return known.view;
    const view = await this.fetch(id);
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    this.kept.set(id, { view, until: now + this.options.freshMs });
    return view;
  }

  private async fetch(id: string): Promise<OfferingView | undefined> {
    const { baseUrl, apiKey, deadlineMs } = this.options;
    try {
      const answer = await request(`${baseUrl}/productOffering/${encodeURIComponent(id)}?fields=${FIELDS}`, {
        dispatcher: this.agent,
        headers: apiKey ? { 'x-api-key': apiKey() } : {},
        signal: AbortSignal.timeout(deadlineMs),
      });
      const body = await answer.body.text();
      if (answer.statusCode === 404) return undefined;
      if (answer.statusCode !== 200) throw new Error(`it answered ${answer.statusCode}`);
      return offeringView(JSON.parse(body) as JsonObject);
    } catch (thrown) {
      throw new Refusal(
        503,
        'catalogAway',
        `The catalog cannot be asked: ${messageOf(thrown)}. Try again later.`,
        {
          headers: { 'Retry-After': '5' },
          cause: thrown,
        },
      );
    }
  }
}
