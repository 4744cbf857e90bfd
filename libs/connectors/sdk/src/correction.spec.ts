import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { correctionOf } from './correction';
import type { Stream } from './stream';

const plain: Stream = {
  name: 'things',
  title: 'Things',
  entity: 'THING',
  resource: 'thing',
  overlapMs: 0,
  identity: ({ id }) => (typeof id === 'string' ? id : undefined),
  position: () => undefined,
  read: async function* () {},
  map: ({ id, kind }) => {
    if (kind === 'bad') return { faults: [{ path: '/kind', message: 'is bad', code: 'kind' }] };
    if (kind !== 'ours') return [];
    return [{ externalId: String(id), op: 'upsert', id: String(id), resource: { '@type': 'Thing' } }];
  },
};
const wrapped: Stream = {
  ...plain,
  asRead: (given, instead) =>
    instead?.['whole'] === true ? undefined : { line: instead?.['line'] ?? 0, data: given },
  identity: ({ data }) => (isJsonObject(data) ? plain.identity(data) : undefined),
  map: ({ data }) => (isJsonObject(data) ? plain.map(data) : []),
};
const OURS = { id: 'a', kind: 'ours' };

describe('a correction of a quarantined record', () => {
  it.each<[string, Stream, JsonObject, JsonObject, JsonObject | undefined, string | undefined]>([
    ['takes its place', plain, { id: 'a' }, OURS, OURS, undefined],
    ['may be wrong still', plain, OURS, { id: 'a', kind: 'bad' }, { id: 'a', kind: 'bad' }, undefined],
    ['may have no identifier', plain, OURS, { kind: 'ours' }, { kind: 'ours' }, undefined],
    ['comes into the form that is read', wrapped, { line: 7 }, OURS, { line: 7, data: OURS }, undefined],
    ['of which nothing becomes', plain, OURS, { id: 'a', kind: 'theirs' }, undefined, 'Nothing becomes'],
    ['of what is no record', wrapped, { whole: true }, OURS, undefined, 'as a whole'],
  ])('%s', async (_what, stream, record, given, value, error) => {
    const done = await correctionOf(stream, (one) => stream.map(one), { record, externalId: 'a' }, given);
    expect(done).toEqual(
      error === undefined
        ? { ok: true, value }
        : { ok: false, error: expect.stringContaining(error) as string },
    );
  });

  it('of a record that the source no longer has is refused', async () => {
    const entry = { record: {}, externalId: 'a', missing: true } as const;
    const done = await correctionOf(plain, (one) => plain.map(one), entry, OURS);
    expect(done).toEqual({ ok: false, error: expect.stringContaining('no longer has') as string });
  });
});
