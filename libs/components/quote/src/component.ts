import { defaultRules } from '@quotebridge/cpq/pricing';
import { catalogChanges, catalogListener, HttpCatalog } from '@quotebridge/tmf/client';
import type { Component, Runtime } from '@quotebridge/tmf/component';
import { quoteDefinition } from './definition';
import { quoteHooks } from './hooks';
import { quoteIngest } from './ingest';
import { orderNotes } from './order-notes';
import { Repricing } from './repricing';
import type { QuoteSettings } from './settings';
import { readThresholds } from './thresholds';

const CONNECTIONS = 16;

const catalogOf = ({ settings, clock }: Runtime<QuoteSettings>): HttpCatalog => {
  const { catalogApiKey } = settings;
  return new HttpCatalog({
    baseUrl: settings.catalogUrl.replace(/\/+$/, ''),
    clock,
    deadlineMs: settings.catalogDeadline,
    maxEntries: settings.catalogCacheEntries,
    freshMs: settings.catalogCacheFresh,
    connections: CONNECTIONS,
    ...(catalogApiKey === undefined ? {} : { apiKey: () => catalogApiKey.reveal() }),
  });
};

/** TMFC002 Quote Management: TMF648 in v4 and v5. */
export const quoteComponent: Component<QuoteSettings> = {
  name: 'quote',
  build: (runtime) => {
    const { settings } = runtime;
    const catalog = catalogOf(runtime);
    const rules = { ...defaultRules, allowNegative: settings.allowNegativePrices };
    const repricing = new Repricing(runtime, { catalog, rules }, settings.repriceInterval);
    const hooks = quoteHooks({
      catalog,
      rules,
      thresholds: readThresholds(settings.discountThresholds, settings.totalThresholds),
      validityMs: settings.quoteValidity,
      currentState: async (id) => (await runtime.service('quote').repository.find(id))?.['state'],
    });
    return {
      resources: [quoteDefinition(hooks)],
      ingest: { quote: quoteIngest },
      consumers: [orderNotes(runtime), catalogChanges('quote-catalog-changes', () => repricing.noteChange())],
      listeners: [catalogListener(catalog)],
      background: [() => repricing.start()],
    };
  },
};
