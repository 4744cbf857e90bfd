import type { SalesforceSettings, TwoWayField } from './settings';

/** Where the two-way fields that the CRM may change are in a quote; prices and stages are never read. */
const QUOTE_PATHS: Readonly<Partial<Record<TwoWayField, string>>> = {
  name: 'description',
  lines: 'quoteItem[]',
  quantity: 'quoteItem.quantity',
  discount: 'quoteItem.quoteItemPrice',
  description: 'quoteItem.note',
};

/** Attributes of a quote that stay as they are here, whatever the opportunity says. */
export const ownedHere = ({ owners }: Pick<SalesforceSettings, 'owners'>): readonly string[] =>
  (Object.entries(QUOTE_PATHS) as [TwoWayField, string][]).flatMap(([name, path]) =>
    owners[name] === 'quotebridge' ? [path] : [],
  );
