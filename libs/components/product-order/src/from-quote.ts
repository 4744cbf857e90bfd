import {
  err,
  isJsonObject,
  objectAt,
  objectsAt,
  ok,
  stableId,
  textAt,
  type Json,
  type JsonObject,
  type Result,
} from '@quotebridge/platform/core';

/** The named attributes that the object has. */
const pick = (json: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.filter((name) => json[name] !== undefined).map((name) => [name, json[name]]));

/** Id of the order that a quote becomes: always the same, so that one quote never becomes two orders. */
export const orderIdOfQuote = (quoteId: string): string => stableId('quote', 'productOrder', quoteId);

const PARTY_REFERENCE = ['id', 'href', 'name', '@referredType', 'partyId', 'partyName'];

/** An order refers to its parties; a quote may hold the party itself, which becomes a reference to its class. */
const partyRef = (party: JsonObject): JsonObject => {
  const type = textAt(party, '@type');
  if (type === undefined || type.endsWith('Ref') || textAt(party, 'id') === undefined) return party;
  const isRole = type.endsWith('Role') || ['Customer', 'Supplier', 'Producer', 'Consumer'].includes(type);
  return {
    '@type': isRole ? 'PartyRoleRef' : 'PartyRef',
    '@referredType': type,
    ...pick(party, PARTY_REFERENCE),
  };
};

const relatedParty = (related: JsonObject): JsonObject => ({
  ...related,
  '@type': 'RelatedPartyRefOrPartyRoleRef',
  ...(isJsonObject(related['partyOrPartyRole'])
    ? { partyOrPartyRole: partyRef(related['partyOrPartyRole']) }
    : {}),
});

const renameList = (
  from: JsonObject,
  name: string,
  target: string,
  change: (entry: JsonObject) => JsonObject,
): JsonObject => {
  const list = objectsAt(from, name);
  return list.length === 0 ? {} : { [target]: list.map(change) };
};

const firstOf = (from: JsonObject, name: string): JsonObject => {
  const [first] = objectsAt(from, name);
  return first === undefined ? {} : { [name]: first };
};

/** A price goes over as it was agreed: same figures, same alterations, under the order's class. */
const price = (entry: JsonObject): JsonObject => ({ ...entry, '@type': 'OrderPrice' });

const ITEM_ATTRIBUTES = [
  ...['id', 'action', 'quantity', 'product', 'productOffering', 'productOfferingQualificationItem', 'note'],
];

const orderItem =
  (quoteId: string, quoteHref: string | undefined) =>
  (item: JsonObject): JsonObject => ({
    '@type': 'ProductOrderItem',
    action: 'add',
    ...pick(item, ITEM_ATTRIBUTES),
    ...firstOf(item, 'appointment'),
    ...renameList(item, 'quoteItemPrice', 'itemPrice', price),
    ...renameList(item, 'quoteItemRelationship', 'productOrderItemRelationship', (relation) => ({
      ...relation,
      '@type': 'OrderItemRelationship',
    })),
    quoteItem: {
      '@type': 'QuoteItemRef',
      '@referredType': 'QuoteItem',
      quoteId,
      ...(quoteHref === undefined ? {} : { quoteHref }),
      quoteItemId: String(item['id']),
    },
    ...renameList(item, 'quoteItem', 'productOrderItem', orderItem(quoteId, quoteHref)),
  });

const QUOTE_ATTRIBUTES = ['category', 'description', 'agreement', 'note', 'productOfferingQualification'];

const identifiers = (quote: JsonObject): Json[] => {
  const seen = new Set<string>();
  return [...objectsAt(quote, 'externalId'), ...objectsAt(quote, 'externalIdentifier')].filter(
    ({ owner, externalIdentifierType, id }) => {
      const key = JSON.stringify([owner, externalIdentifierType, id]);
      return seen.has(key) ? false : seen.add(key);
    },
  );
};

const hasPrice = (item: JsonObject): boolean =>
  objectsAt(item, 'quoteItemPrice').some((entry) => Object.keys(objectAt(entry, 'price')).length > 0) ||
  objectsAt(item, 'quoteItem').some(hasPrice);

const isCharged = ({ action }: JsonObject): boolean => action !== 'delete' && action !== 'noChange';

/**
 * The order that an accepted quote becomes, as a v5 document without `id` (see {@link orderIdOfQuote}), state and
 * dates. It carries the quote's prices unchanged, refers to the quote and each item to its quote item, and takes over
 * parties, agreements, notes and external identifiers. The error says why the quote cannot be ordered.
 */
export const orderFromQuote = (quote: JsonObject): Result<JsonObject, string> => {
  const id = textAt(quote, 'id');
  const items = objectsAt(quote, 'quoteItem');
  if (id === undefined) return err('The quote has no id.');
  const { state } = quote;
  if (state !== 'accepted') return err(`The quote ${id} is '${String(state)}', not accepted.`);
  if (items.length === 0) return err(`The quote ${id} has no items.`);
  const unpriced = items
    .filter((item) => isCharged(item) && !hasPrice(item))
    .map((item) => String(item['id']));
  if (unpriced.length > 0) return err(`The quote ${id} has no price for item ${unpriced.join(', ')}.`);

  const href = textAt(quote, 'href');
  const start = textAt(quote, 'expectedFulfillmentStartDate');
  const externalId = identifiers(quote);
  return ok({
    '@type': 'ProductOrder',
    ...pick(quote, QUOTE_ATTRIBUTES),
    ...firstOf(quote, 'billingAccount'),
    ...(start === undefined ? {} : { requestedStartDate: start }),
    ...(externalId.length === 0 ? {} : { externalId }),
    ...renameList(quote, 'relatedParty', 'relatedParty', relatedParty),
    ...renameList(quote, 'quoteTotalPrice', 'orderTotalPrice', price),
    quote: [{ '@type': 'QuoteRef', '@referredType': 'Quote', id, ...(href === undefined ? {} : { href }) }],
    productOrderItem: items.map(orderItem(id, href)),
  });
};
