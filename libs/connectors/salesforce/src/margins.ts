import { callsOf, textAt, type ConnectorContext } from '@quotebridge/connectors/sdk';
import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { HttpClient, isCallFailed, replyJson } from '@quotebridge/platform/resilience';
import type { SalesforceSettings } from './settings';

/** Name of the secret that reads quotes: an API key with the scopes quote:read and quoteMargin:read. */
export const QUOTE_SECRET = 'quoteApiKey';

/** True when the org has a field for what quotes earn. */
export const showsMargin = ({ fields }: Pick<SalesforceSettings, 'fields'>): boolean =>
  fields.margin !== undefined || fields.marginPercent !== undefined;

/** Reads what quotes earn from their component: it is confidential, and so in no event. */
export class Margins {
  private readonly http: HttpClient;

  constructor(
    settings: SalesforceSettings,
    { policy, clock, secrets, inject }: Pick<ConnectorContext, 'policy' | 'clock' | 'secrets' | 'inject'>,
  ) {
    this.http = new HttpClient({
      policy,
      clock,
      ...(inject === undefined ? {} : { inject }),
      baseUrl: (settings.quoteUrl ?? '').replace(/\/*$/, '/'),
      ...callsOf(settings),
      authorizer: {
        headers: async () => ({ 'x-api-key': secrets[QUOTE_SECRET] ?? '' }),
        refresh: async () => undefined,
      },
    });
  }

  /** The quote with its margin, as far as there is one and the key may see it. */
  async added(quote: JsonObject): Promise<JsonObject> {
    const path = `quote/${encodeURIComponent(textAt(quote, 'id') ?? '')}?fields=id,margin`;
    try {
      const answered = replyJson(
        await this.http.call({ method: 'GET', path, headers: { accept: 'application/json' } }),
      );
      const margin = isJsonObject(answered) ? answered['margin'] : undefined;
      return margin === undefined ? quote : { ...quote, margin };
    } catch (thrown) {
      // A quote that is gone by now earns nothing.
      if (isCallFailed(thrown, 'reject')) return quote;
      throw thrown;
    }
  }

  async close(): Promise<void> {
    await this.http.close();
  }
}
