import type { JsonObject } from '@quotebridge/platform/core';
import { mergeIdentifiers, type IngestPolicy } from '@quotebridge/tmf/resource';
import { requestedAlterations, requestsOnly } from './item-price';
import { withoutStructure } from './item-structure';
import { itemsOf, mapItems, offeringIdOf } from './items';
import { UPDATABLE } from './states';

/** What a CRM does not decide: the course of the quote here. */
const OURS: ReadonlySet<string> = new Set([
  'state',
  'stateReason',
  'version',
  'creationDate',
  'validFor',
  'authorization',
  'quoteTotalPrice',
  'effectiveQuoteCompletionDate',
  'externalId',
  'externalIdentifier',
  'productOrder',
]);

/** The same of an item. */
const OURS_OF_ITEM = ['state', 'quoteItemAuthorization'];

/** What a line of a CRM may have no words for: what was added here stays unless one brings it. */
const ADDED_TO_ITEM = ['attachment', 'appointment', 'relatedParty'];

/**
 * An opportunity that arrives again: renews the content of its quote while that is updatable, and leaves it alone
 * afterwards (our own write-back to the CRM makes the opportunity arrive once more). Lines are priced again; a
 * discount that was given here stays with its item unless the CRM brings one of its own.
 */
export const mergeOpportunity = (current: JsonObject, incoming: JsonObject): JsonObject | undefined => {
  if (!UPDATABLE.has(current['state'])) return undefined;
  const theirs = Object.fromEntries(Object.entries(incoming).filter(([name]) => !OURS.has(name)));
  const known = new Map(itemsOf(current).map((item) => [item['id'], item]));
  const identifiers = mergeIdentifiers(
    current['externalId'],
    mergeIdentifiers(incoming['externalId'], incoming['externalIdentifier']),
  );
  return {
    ...current,
    ...theirs,
    ...(identifiers.length === 0 ? {} : { externalId: identifiers }),
    ...(incoming['quoteItem'] === undefined
      ? {}
      : mapItems({ quoteItem: incoming['quoteItem'] }, (item) => withOurs(item, known.get(item['id'])))),
  };
};

const picked = (item: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));

/** The machine and the configuration that an item was given here; they are none of another offering. */
const productOf = (known: JsonObject, incoming: JsonObject): JsonObject =>
  offeringIdOf(known) === offeringIdOf(incoming) ? picked(withoutStructure(known), ['product']) : {};

/** The item with its course here, what was added to it, and what was asked for it unless the CRM asks for something. */
const withOurs = (incoming: JsonObject, known: JsonObject | undefined): JsonObject => {
  if (known === undefined) return incoming;
  const added = { ...productOf(known, incoming), ...picked(known, ADDED_TO_ITEM) };
  const item: JsonObject = { ...added, ...incoming, ...picked(known, OURS_OF_ITEM) };
  const requests = requestedAlterations(incoming).length > 0 ? [] : requestsOnly(known);
  return requests.length === 0 ? item : { ...item, quoteItemPrice: requests };
};

const OVER: ReadonlySet<unknown> = new Set(['rejected', 'cancelled', 'declined']);

/**
 * Part of a quote that a connector tells: an order number, or a state because of what the opportunity came to. A quote
 * that came to nothing already needs no cancelling; every other step is judged by the state machine, so that an
 * opportunity that is lost after its quote was accepted is refused, not overlooked.
 */
export const patchQuote = (current: JsonObject, incoming: JsonObject): JsonObject => {
  const { state, stateReason, externalId, externalIdentifier, ...rest } = incoming;
  const isDone = state === current['state'] || (state === 'cancelled' && OVER.has(current['state']));
  const brought = mergeIdentifiers(externalId, externalIdentifier);
  return {
    ...current,
    ...rest,
    ...(state === undefined || isDone
      ? {}
      : { state, ...(stateReason === undefined ? {} : { stateReason }) }),
    ...(brought.length === 0 ? {} : { externalId: mergeIdentifiers(current['externalId'], brought) }),
  };
};

/** How quotes of outside systems are taken in. */
export const quoteIngest: IngestPolicy = {
  merge: (current, incoming) => mergeOpportunity(current, incoming),
  patch: (current, incoming) => patchQuote(current, incoming),
};
