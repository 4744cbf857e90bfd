import type { ConflictRule } from '@quotebridge/platform/events';
import { isStale, settleConflict } from './conflict';
import { keyValues, keyWithoutIndex } from './natural-key';

const at = (hour: number): string => `2026-01-01T0${hour}:00:00.000Z`;
const by = (name: string, hour: number, changedHour = hour) => ({
  by: name,
  at: new Date(at(hour)),
  mark: { source: name, digest: '', modifiedAt: at(changedHour) },
});

describe('settleConflict', () => {
  const newest: ConflictRule = { rule: 'newest' };
  const priority: ConflictRule = { rule: 'priority', order: ['erp', 'local', 'crm'] };

  it.each([
    ['without a rule the last record wins', by('connector:erp', 9), 'crm', at(1), undefined, 'take'],
    ['newest: a later source time wins', by('connector:erp', 9, 5), 'crm', at(6), newest, 'take'],
    ['newest: an earlier source time loses', by('connector:erp', 9, 5), 'crm', at(4), newest, 'leave'],
    ['newest: a change over the API counts by its time', by('anna', 5), 'crm', at(4), newest, 'leave'],
    ['newest: a record without a time is new', by('connector:erp', 9, 5), 'crm', undefined, newest, 'take'],
    ['priority: the one further up wins', by('connector:crm', 9), 'erp', at(1), priority, 'take'],
    ['priority: the one further down loses', by('connector:erp', 1), 'crm', at(9), priority, 'leave'],
    ['priority: local is whoever works over the API', by('anna', 1), 'crm', at(9), priority, 'leave'],
    [
      'priority: one that is not listed comes last',
      by('connector:crm', 1),
      'files',
      at(9),
      priority,
      'leave',
    ],
    [
      'priority: what a source further up has brought is its own, also after somebody here changed it',
      { ...by('erp', 1), by: 'anna' },
      'crm',
      at(9),
      { rule: 'priority', order: ['erp'] },
      'leave',
    ],
    [
      'priority: what nobody further up has brought is not',
      { ...by('crm', 1), by: 'anna' },
      'crm',
      at(9),
      { rule: 'priority', order: ['erp'] },
      'take',
    ],
    ['manual: a person decides', by('connector:crm', 1), 'erp', at(9), { rule: 'manual' }, 'ask'],
    [
      'manual: but not between two states of one source',
      by('connector:erp', 1),
      'erp',
      at(9),
      { rule: 'manual' },
      'take',
    ],
    ['incoming: a person has decided', by('connector:crm', 9), 'erp', at(1), { rule: 'incoming' }, 'take'],
  ] as const)('%s', (_name, last, source, modifiedAt, rule, expected) => {
    expect(settleConflict(last, modifiedAt === undefined ? {} : { modifiedAt }, source, rule)).toBe(expected);
  });

  it('only an older state of the same source is stale', () => {
    const mark = { source: 'erp', digest: '', modifiedAt: at(5) };
    const record = { externalId: '1', op: 'upsert' as const, id: '1', resource: {}, modifiedAt: at(4) };
    expect([
      isStale(mark, record, 'erp'),
      isStale(mark, record, 'crm'),
      isStale(undefined, record, 'erp'),
    ]).toEqual([true, false, false]);
  });
});

describe('natural keys', () => {
  const resource = {
    number: 'A1',
    maker: { name: 'Acme' },
    externalIdentifier: [{ owner: 'erp', externalIdentifierType: 'duns', id: '42' }],
  };
  const texts = (keys: Parameters<typeof keyValues>[0], of = resource, list?: string): string[] =>
    keyValues(keys, of, list ?? 'externalIdentifier').map(({ text }) => text);

  it('are equal for equal attributes, whoever owns the identifier', () => {
    const other = {
      ...resource,
      externalIdentifier: [{ owner: 'crm', externalIdentifierType: 'duns', id: '42' }],
    };
    const keys = [{ attributes: ['number', 'maker.name'] }, { externalIdentifierType: 'duns' }];
    expect(texts(keys)).toHaveLength(2);
    expect(texts(keys)).toEqual(texts(keys, other));
  });

  it('are those of one owner where the key names him: numbers of two systems may be the same', () => {
    const key = (owner: string) => [{ externalIdentifierType: 'duns', owner }];
    expect(texts(key('erp'))).toHaveLength(1);
    expect(texts(key('other'))).toEqual([]);
    const [value] = keyValues(key('erp'), resource, 'externalIdentifier');
    expect(value?.filter).toEqual({
      externalIdentifier: { $elemMatch: { owner: 'erp', externalIdentifierType: 'duns', id: '42' } },
    });
  });

  it('a key with a missing part says nothing', () => {
    expect(texts([{ attributes: ['number', 'maker.country'] }, { externalIdentifierType: 'vat' }])).toEqual(
      [],
    );
  });

  it('a value is never an operator of the query', () => {
    const [value] = keyValues([{ attributes: ['number'] }], { number: '$ne' }, 'externalIdentifier');
    expect(value?.filter).toEqual({ number: { $eq: '$ne' } });
    expect(keyValues([{ attributes: ['number'] }], { number: { $ne: 1 } }, 'externalIdentifier')).toEqual([]);
  });

  it('need an index that leads to them', () => {
    const indexes = [
      { keys: { number: 1, _id: 1 } as const },
      { keys: { 'externalIdentifier.id': 1 } as const },
    ];
    const list = 'externalIdentifier';
    expect(keyWithoutIndex([{ attributes: ['maker.name', 'number'] }], indexes, list)).toBeUndefined();
    expect(keyWithoutIndex([{ externalIdentifierType: 'duns' }], indexes, list)).toBeUndefined();
    expect(keyWithoutIndex([{ attributes: ['maker.name'] }], indexes, list)).toBeDefined();
  });
});
