import type { JsonObject } from '@quotebridge/platform/core';
import { SETTINGS } from '../mapping/settings.fixture';
import type { ODataClient, Query } from '../odata-client';
import { groupedSince } from './grouped-since';
import { sparePartsSince } from './spare-parts-since';

const at = (day: number): string => `/Date(${Date.UTC(2026, 0, day)})/`;
const signal = new AbortController().signal;

const gathered = async (pages: AsyncIterable<readonly JsonObject[]>): Promise<readonly JsonObject[]> => {
  const all: JsonObject[] = [];
  for await (const page of pages) all.push(...page);
  return all;
};

/** The values that a filter names for a field. */
const valuesIn = (queries: readonly Query[], field: string): ReadonlySet<string> =>
  new Set(
    queries.flatMap(({ $filter = '' }) =>
      [...$filter.matchAll(new RegExp(`\\b${field} eq '([^']*)'`, 'g'))].map(([, value = '']) => value),
    ),
  );

describe('records about the same thing', () => {
  it('are read when they were never changed, first of all, and are no place to go on from', async () => {
    const rows = [
      { SalesContract: '1', SoldToParty: 'A', LastChangeDateTime: null },
      { SalesContract: '2', SoldToParty: 'B', LastChangeDateTime: at(2) },
    ];
    const client: Pick<ODataClient, 'all' | 'page' | 'pages' | 'together'> = {
      all: async () => [],
      page: async () => ({ page: rows, isLast: true }),
      pages: async function* () {},
      together: async () => rows,
    };
    const grouping = {
      ...{ set: 'S/A_SalesContract', keyField: 'SalesContract', aboutField: 'SoldToParty', pageSize: 10 },
    };
    expect(await gathered(groupedSince(client, grouping, undefined, signal))).toEqual([
      { about: 'A', records: [rows[0]] },
      { about: 'B', records: [rows[1]], changedAt: '2026-01-02T00:00:00.000Z' },
    ]);
  });
});

describe('spare parts', () => {
  const item = (component: string, list: string, more: JsonObject = {}): JsonObject => ({
    BillOfMaterial: list,
    Material: `M-${list}`,
    BillOfMaterialComponent: component,
    BOMItemIsSparePart: 'X',
    FollowUpGroup: '',
    DiscontinuationGroup: '',
    ...more,
  });
  const ends = { DiscontinuationGroup: 'A1' };
  const follows = { FollowUpGroup: 'A1' };
  const rows = [
    ...[item('OLD', '1', ends), item('NEW', '1', follows)],
    ...[item('OTHER', '2', ends), item('ELSE', '2', follows)],
    item('APART', '1'),
  ];
  const client: Pick<ODataClient, 'all' | 'page' | 'pages' | 'together'> = {
    all: async () => [],
    page: async () => ({
      // The follower was changed; whether it is a spare part itself does not matter.
      page: [{ ...item('NEW', '1', { ...follows, BOMItemIsSparePart: '' }), LastChangeDateTime: at(5) }],
      isLast: true,
    }),
    pages: async function* () {},
    together: async (_set, queries) => {
      const [parts, lists] = ['BillOfMaterialComponent', 'BillOfMaterial'].map((one) =>
        valuesIn(queries, one),
      );
      const has = (field: string): boolean =>
        queries.some(({ $filter }) => $filter?.includes(`${field} ne ''`));
      return rows.filter(
        (row) =>
          (parts?.size === 0 || parts?.has(String(row['BillOfMaterialComponent']))) &&
          (lists?.size === 0 || lists?.has(String(row['BillOfMaterial']))) &&
          (!has('FollowUpGroup') || row['FollowUpGroup'] !== '') &&
          (!has('DiscontinuationGroup') || row['DiscontinuationGroup'] !== ''),
      );
    },
  };

  it('are told anew when what follows them has changed', async () => {
    const { structureUsage: usage, componentTypes: materialTypes, pageSize } = SETTINGS;
    const reading = {
      client,
      plant: '1710',
      usage,
      materialTypes,
      pageSize,
      now: () => '2026-01-06T00:00:00Z',
    };
    const found = await gathered(sparePartsSince(reading, '2026-01-04T00:00:00Z', signal));
    expect(found).toMatchObject([
      {
        part: 'OLD',
        changedAt: '2026-01-05T00:00:00.000Z',
        followers: [{ BillOfMaterialComponent: 'NEW' }],
      },
    ]);
  });
});
