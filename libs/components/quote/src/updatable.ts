import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import { changedNames } from '@quotebridge/tmf/resource';
import { buyerOf } from './customer-terms';
import { UPDATABLE } from './states';

/** What may still change after a quote was submitted: its state, and what is noted about it. */
const AFTER_SUBMISSION: ReadonlySet<string> = new Set([
  'state',
  'stateReason',
  'note',
  'externalId',
  'externalIdentifier',
  'productOrder',
]);

/** A rejected quote that goes on does so as a new version, which may differ in every way. */
export const isNewVersion = (before: JsonObject, after: JsonObject): boolean =>
  before['state'] === 'rejected' && after['state'] === 'inProgress';

/**
 * Refuses with 409 a change of content after the quote was submitted (user guide: only the status may change), and
 * one in the same request that submits it: what is approved is what was read.
 */
export const refuseFrozen = (before: JsonObject, after: JsonObject): void => {
  const wasOpen = UPDATABLE.has(before['state']);
  if ((wasOpen && UPDATABLE.has(after['state'])) || isNewVersion(before, after)) return;
  const wrong = changedNames(before, after).filter(
    (name) => !AFTER_SUBMISSION.has(name) && !(wasOpen && name === 'authorization'),
  );
  if (wrong.length === 0) return;
  const [was, becomes] = [String(before['state']), String(after['state'])];
  const message = wasOpen
    ? `Change ${wrong.join(', ')} first and set the state to ${becomes} in a request of its own.`
    : `The quote is ${was}: only its state and its notes can change, not ${wrong.join(', ')}.`;
  throw new Refusal(409, 'notUpdatable', message, {
    faults: wrong.map((name) => ({
      path: `/${name}`,
      message: `cannot change in this step`,
      code: 'frozen',
    })),
  });
};

/** What prices follow from, and the figures themselves, which a client may not set. */
const PRICED: ReadonlySet<string> = new Set([
  'quoteItem',
  'quoteTotalPrice',
  'unpricedItem',
  'waitingStructure',
  'unknownProduct',
  'margin',
  'currency',
  'state',
]);

/** Does the change touch prices or what they follow from, so that all items are priced again? */
export const needsPricing = (before: JsonObject, after: JsonObject): boolean =>
  UPDATABLE.has(after['state']) &&
  (changedNames(before, after).some((name) => PRICED.has(name)) ||
    JSON.stringify(buyerOf(before)) !== JSON.stringify(buyerOf(after)));
