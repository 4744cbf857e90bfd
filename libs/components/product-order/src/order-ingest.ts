import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '@quotebridge/platform/core';
import { mergeIdentifiers, type IngestPolicy } from '@quotebridge/tmf/resource';
import { orderMachine } from './states';

const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** What connectors may tell about an order: its number in their system, its progress, and what went wrong. */
const patchOrder = (current: JsonObject, incoming: JsonObject): JsonObject => {
  const identifiers = mergeIdentifiers(
    current['externalId'],
    mergeIdentifiers(incoming['externalId'], incoming['externalIdentifier']),
  );
  const known = listOf(current['productOrderErrorMessage']);
  // A record that is delivered again brings the same message again.
  const errors = listOf(incoming['productOrderErrorMessage']).filter(
    (error) => !known.some((other) => isDeepStrictEqual(other, error)),
  );
  const { state } = current;
  // News that comes after the end changes nothing about the end.
  const isOver = orderMachine.isState(state) && orderMachine.isFinal(state);
  const wanted = incoming['state'];
  return {
    ...current,
    ...(isOver || wanted === undefined ? {} : { state: wanted }),
    ...(identifiers.length === 0 ? {} : { externalId: identifiers }),
    ...(errors.length === 0 ? {} : { productOrderErrorMessage: [...known, ...errors] }),
    ...(incoming['expectedCompletionDate'] === undefined
      ? {}
      : { expectedCompletionDate: incoming['expectedCompletionDate'] }),
  };
};

/** How connectors' records reach product orders. */
export const orderIngest: IngestPolicy = { patch: patchOrder };
