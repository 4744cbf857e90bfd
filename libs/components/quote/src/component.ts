import { Appearances, completeNamed } from './appearances';
import { defaultRules } from '@quotebridge/cpq/pricing';
import { catalogChanges, catalogListener, httpCatalog, httpInventory } from '@quotebridge/tmf/client';
import type { Component } from '@quotebridge/tmf/component';
import { quoteDefinition } from './definition';
import { Expiry, readExpiryRules } from './expiry';
import { quoteHooks } from './hooks';
import { quoteIngest } from './ingest';
import { orderNotes } from './order-notes';
import { keptStructure } from './item-structure';
import { PriceMemo } from './price-memo';
import type { Pricing } from './price-quote';
import { Repricing } from './repricing';
import type { QuoteSettings } from './settings';
import { readThresholds } from './thresholds';

/** Some kilobytes each, as a rule: a bundle of many parts has a long answer. */
const REMEMBERED_PRICES = { entries: 2_000, bytes: 16_000_000 };

/** TMFC002 Quote Management: TMF648 in v4 and v5. */
export const quoteComponent: Component<QuoteSettings> = {
  name: 'quote',
  build: (runtime) => {
    const { settings } = runtime;
    const catalog = httpCatalog(runtime.settings, runtime.clock);
    const rules = { ...defaultRules, allowNegative: settings.allowNegativePrices };
    const { quoteMargin: withMargin } = settings;
    const pricing: Pricing = { catalog, rules, withMargin, memo: new PriceMemo(REMEMBERED_PRICES) };
    const inventory = httpInventory(settings, runtime.clock, keptStructure(settings.structureLines));
    const structures = inventory && { catalog, inventory };
    const appearances = structures && new Appearances(completeNamed(runtime, structures));
    const repricing = new Repricing(runtime, { pricing, structures, appearances }, settings.repriceInterval);
    const expiry = new Expiry(runtime, readExpiryRules(settings.expiryStates), settings.expiryInterval);
    const hooks = quoteHooks({
      pricing,
      structures,
      thresholds: readThresholds(settings.discountThresholds, settings.totalThresholds),
      validityMs: settings.quoteValidity,
      currentState: async (id) => (await runtime.service('quote').repository.find(id))?.['state'],
    });
    return {
      resources: [quoteDefinition(hooks)],
      ingest: { quote: quoteIngest },
      consumers: [
        orderNotes(runtime),
        catalogChanges('quote-catalog-changes', () => repricing.noteChange()),
        ...(appearances === undefined ? [] : [appearances.binding()]),
      ],
      listeners: [catalogListener(catalog)],
      background: [() => repricing.start(), () => expiry.start()],
    };
  },
};
