import type { JsonObject } from '@quotebridge/platform/core';
import { isCallFailed } from '@quotebridge/platform/resilience';
import { CursorExpired, objectsIn, textAt, type Stream, type StreamPage } from '@quotebridge/connectors/sdk';
import type { FakeClient } from './client';
import { mapOffer, mapPart } from './mapping';
import type { FakeSettings } from './settings';

const GONE = 410;

async function* changedParts(
  client: FakeClient,
  from: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<StreamPage> {
  const query = from === undefined ? '' : `?since=${encodeURIComponent(from)}`;
  for await (const page of client.pages(`/parts${query}`)) {
    signal.throwIfAborted();
    yield objectsIn(page['items']);
  }
}

const offersSince = async (client: FakeClient, token: string | undefined): Promise<JsonObject> => {
  try {
    return await client.get(`/offers${token === undefined ? '' : `?token=${encodeURIComponent(token)}`}`);
  } catch (thrown) {
    if (isCallFailed(thrown) && thrown.exchange.reply?.status === GONE)
      throw new CursorExpired('the system no longer knows the delta token');
    throw thrown;
  }
};

async function* changedOffers(
  client: FakeClient,
  first: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<StreamPage> {
  let token = first;
  for (let more = true; more;) {
    signal.throwIfAborted();
    const page = await offersSince(client, token);
    token = textAt(page, 'token');
    more = page['more'] === true;
    yield { records: objectsIn(page['items']), ...(token === undefined ? {} : { token }) };
  }
}

/** What is read, in the order in which it must be published: offers refer to parts. */
export const streamsOf = (
  source: string,
  { overlapSeconds }: FakeSettings,
  client: FakeClient,
): readonly Stream[] => [
  {
    name: 'parts',
    title: 'Parts by their time of change, deleted ones as tombstones',
    entity: 'part',
    resource: 'productSpecification',
    overlapMs: overlapSeconds * 1_000,
    samples: [
      { id: 'A-1', name: 'A part', unit: 'PC', changedAt: '2026-01-01T00:00:00.000Z', deleted: false },
    ],
    identity: (part) => textAt(part, 'id'),
    position: (part) => {
      const [at, id] = [textAt(part, 'changedAt'), textAt(part, 'id')];
      return at === undefined || id === undefined ? undefined : { at, id };
    },
    read: (from, signal) => changedParts(client, from, signal),
    map: mapPart(source),
  },
  {
    name: 'offers',
    title: 'Offers by a delta token; one that is gone shows in a complete read only',
    entity: 'offer',
    resource: 'productOffering',
    overlapMs: 0,
    missing: 'delete',
    ownedThere: ['productSpecification'],
    samples: [{ id: 'A-1', part: 'A-1', name: 'A part', price: '12.50', change: 1 }],
    identity: (offer) => textAt(offer, 'id'),
    position: () => undefined,
    read: (_from, signal, { checkpoint }) => changedOffers(client, checkpoint?.token, signal),
    map: mapOffer(source),
  },
];
