import * as fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import type { Exchange, HttpReply } from '@quotebridge/platform/resilience';
import { changedSince, type ChangeOrder } from './reading/changed-since';
import { classify } from './classify';
import { cookieHeader, CsrfCache } from './csrf-session';
import { mergeOrdered } from './reading/merge-ordered';
import type { ODataClient, Query } from './odata-client';
import {
  allOf,
  behind,
  clockLiteral,
  readDate,
  readPage,
  readTime,
  textLiteral,
  writeDate,
} from './odata-values';

describe('OData V2 values', () => {
  it('a date that is written is read back', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, min: new Date(-8e12), max: new Date(2e14) }), (date) => {
        expect(readDate(writeDate(date.toISOString()))).toBe(date.toISOString());
      }),
    );
  });

  it.each([
    ['/Date(1767225600000)/', '2026-01-01T00:00:00.000Z'],
    ['/Date(1767225600000+0060)/', '2026-01-01T00:00:00.000Z'],
    ['/Date(-1)/', '1969-12-31T23:59:59.999Z'],
    ['2026-01-01T01:00:00.1234567+01:00', '2026-01-01T00:00:00.123Z'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-01-01', undefined],
    ['/Date(99999999999999999)/', undefined],
    [null, undefined],
  ])('reads %p as %p', (value, expected) => {
    expect(readDate(value)).toBe(expected);
  });

  it('a quoted text can not end its literal', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const inner = textLiteral(text).slice(1, -1);
        expect(inner.replaceAll("''", '')).not.toContain("'");
        expect(inner.replaceAll("''", "'")).toBe(text);
      }),
    );
  });

  it('a time of day is read back from its literal', () => {
    expect(readTime(/'(.*)'/.exec(clockLiteral('2026-01-31T09:05:00.000Z'))?.[1])).toBe('09:05:00');
    expect(readTime('09:05')).toBeUndefined();
  });

  it('what is behind a place is what sorts after it, field by field', () => {
    const place = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2));
    fc.assert(
      fc.property(place, place, (from, other) => {
        const names = ['A', 'B', 'C'];
        const filter = behind(names.map((name, index) => [name, String(from[index])]));
        const holds = filter
          .replace(/[()]/g, '')
          .split(' or ')
          .some((step) =>
            step.split(' and ').every((test) => {
              const [name = '', operator, value] = test.split(' ');
              const own = other[names.indexOf(name)] ?? 0;
              return operator === 'eq' ? own === Number(value) : own > Number(value);
            }),
          );
        expect(holds).toBe(other.join('') > from.join(''));
      }),
    );
  });

  it('an empty part of a filter is left out', () => {
    expect(allOf('a eq 1', undefined, '', 'b eq 2')).toBe('a eq 1 and b eq 2');
  });

  it.each([
    [{ d: { results: [{ A: 1 }], __next: 'x' } }, { records: [{ A: 1 }], next: 'x' }],
    [{ d: [{ A: 1 }] }, { records: [{ A: 1 }] }],
    [
      { value: [{ A: 1 }], '@odata.nextLink': 'x' },
      { records: [{ A: 1 }], next: 'x' },
    ],
    [{ value: [] }, { records: [] }],
    [{ value: {} }, undefined],
    [[], undefined],
    [undefined, undefined],
  ])('reads the page of %j', (body, expected) => {
    expect(readPage(body)).toEqual(expected);
  });
});

describe('classify', () => {
  const exchange = (status: number, body: string, headers: Record<string, string> = {}): Exchange => {
    const reply: HttpReply = { status, headers, setCookies: [], body };
    return { method: 'POST', url: 'https://s4.example/x', atMs: 0, reply };
  };
  const error = (code: string, value: string): string =>
    JSON.stringify({ error: { code, message: { lang: 'en', value } } });

  it.each<[string, Exchange, object]>([
    ['an answer', exchange(200, '{"d":{}}'), { kind: 'succeed' }],
    ['no content', exchange(204, ''), { kind: 'succeed' }],
    ['a page of a proxy', exchange(200, '<html>'), { kind: 'retryAfter' }],
    [
      'a CSRF refusal',
      exchange(403, 'no', { 'x-csrf-token': 'Required' }),
      { kind: 'refreshToken', token: 'csrf' },
    ],
    ['a missing right', exchange(403, error('/IWFND/1', 'No authorization')), { kind: 'fail' }],
    ['a lost logon', exchange(401, ''), { kind: 'refreshToken', token: 'access' }],
    [
      'a wrong record',
      exchange(400, error('V1/801', 'Pricing error')),
      { kind: 'reject', code: 'V1/801', reason: 'HTTP 400 V1/801 Pricing error' },
    ],
    ...[
      'The object requested is currently locked by user X',
      'Account 10100001 is currently blocked by user X',
      'Das angeforderte Objekt ist zur Zeit durch Benutzer X gesperrt',
      'Verkaufsbeleg 1 wird gerade von Benutzer X bearbeitet',
    ].map((text): [string, Exchange, object] => [
      text,
      exchange(400, error('MC/601', text)),
      { kind: 'retryAfter' },
    ]),
    // These pass by nothing but a person: an order that waits for them would never be told as refused.
    ...[
      'Customer 10100001 is blocked for sales area 1710/10/00',
      'Material SP-1 is blocked for sales',
      'Sales order 1 is blocked: the credit limit is exceeded',
      'Kunde 10100001 ist für alle Verkaufsbereiche gesperrt',
    ].map((text): [string, Exchange, object] => [
      text,
      exchange(400, error('VP/112', text)),
      { kind: 'reject' },
    ]),
    [
      'a lock',
      exchange(400, error('V1/042', 'A_SalesOrder is currently being processed by user X')),
      { kind: 'retryAfter' },
    ],
    ['throttling', exchange(429, '', { 'retry-after': '5' }), { kind: 'retryAfter', waitMs: 5_000 }],
    ['an outage', exchange(503, ''), { kind: 'retryAfter' }],
    [
      'a refusal of OData V4',
      exchange(400, JSON.stringify({ error: { code: 'X/1', message: 'no', details: [] } })),
      { kind: 'reject', code: 'X/1', reason: 'HTTP 400 X/1 no' },
    ],
    ['a missing version', exchange(428, error('/IWBEP/1', 'conditional')), { kind: 'reject' }],
    ['a stale entity', exchange(412, error('/IWBEP/1', 'changed')), { kind: 'reject' }],
  ])('takes %s for what it is', (_name, given, expected) => {
    expect(classify(given)).toMatchObject(expected);
  });
});

describe('CSRF session', () => {
  it('keeps names and values of cookies, a later one replacing an earlier', () => {
    expect(cookieHeader(['a=1; path=/; HttpOnly', 'b=x=y==', 'a=2; Secure', 'broken'])).toBe('a=2; b=x=y==');
  });

  it('concurrent writes share one fetch; only the refused session is forgotten', async () => {
    let fetched = 0;
    const cache = new CsrfCache(async () => ({ token: `t${(fetched += 1)}`, cookies: 'c=1' }));
    const [first] = await Promise.all([cache.headers(), cache.headers()]);
    expect(first).toEqual({ 'x-csrf-token': 't1', cookie: 'c=1' });
    cache.invalidate('t1');
    await cache.headers();
    cache.invalidate('t1');
    expect(await cache.headers()).toMatchObject({ 'x-csrf-token': 't2' });
    expect(fetched).toBe(2);
  });
});

describe('mergeOrdered', () => {
  it('gives every item of both, in order', async () => {
    const numbers = fc.array(fc.nat(50)).map((list) => list.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(numbers, numbers, async (left, right) => {
        const from = async function* (list: number[]) {
          yield* list;
        };
        const merged: number[] = [];
        for await (const item of mergeOrdered(from(left), from(right), (a, b) => a - b)) merged.push(item);
        expect(merged).toEqual([...left, ...right].sort((a, b) => a - b));
      }),
    );
  });
});

describe('changedSince', () => {
  const order: ChangeOrder = { set: 'S/Set', keys: ['Id'], timeField: 'At', pageSize: 3 };

  /** A service with rows in memory that ends pages early and lets a row change between two requests. */
  class Service {
    constructor(
      readonly rows: Map<string, number>,
      private readonly serverPage: number,
      private readonly disturb: () => void,
    ) {}

    async page(
      _set: string,
      query: Query,
      top: number,
    ): Promise<{ page: readonly JsonObject[]; isLast: boolean }> {
      const filter = query['$filter'] ?? '';
      const time = (operator: string, otherwise: number): number =>
        Date.parse(new RegExp(`${operator} datetimeoffset'([^']+)'`).exec(filter)?.[1] ?? '') || otherwise;
      const after = /Id gt '([^']*)'/.exec(filter)?.[1] ?? '';
      const byId = query['$orderby'] === 'Id';
      const found = [...this.rows]
        .filter(([id, at]) => at >= time('ge', 0) && at < time('lt', Infinity) && id > after)
        .sort(([a, x], [b, y]) => (byId ? 0 : x - y) || (a < b ? -1 : 1))
        .map(([Id, at]) => ({ Id, At: `/Date(${at})/` }));
      const page = found.slice(0, Math.min(top, this.serverPage));
      this.disturb();
      return { page, isLast: page.length === found.length && page.length < top };
    }
  }

  it('no record is missed, whatever shares a time, however pages are cut, and while records change', async () => {
    const times = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(
        times,
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(30), { maxLength: 6 }),
        async (at, serverPage, planned) => {
          const changes = [...planned];
          const rows = new Map(at.map((time, index) => [`r${index}`, time * 1000]));
          let clock = 10_000;
          const service = new Service(rows, serverPage, () => {
            const change = changes.shift();
            const id = `r${change ?? -1}`;
            if (rows.has(id)) rows.set(id, (clock += 1000));
          });
          const read = new Map<string, number>();
          const signal = new AbortController().signal;
          for await (const page of changedSince(
            service as unknown as ODataClient,
            order,
            undefined,
            signal,
          )) {
            for (const record of page)
              read.set(String(record['Id']), Date.parse(readDate(record['At']) ?? ''));
          }
          expect([...read.keys()].sort()).toEqual([...rows.keys()].sort());
          // A change after the last page is the next delta's: it lies at or behind the place that was reached.
          const reached = Math.max(0, ...read.values());
          for (const [id, at] of rows) expect(read.get(id) === at || at >= reached).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
