import * as fc from 'fast-check';
import { checkSettings } from '@quotebridge/connectors/sdk';
import type { Json, JsonObject } from '@quotebridge/platform/core';
import { replyJson, type HttpReply } from '@quotebridge/platform/resilience';
import { classifierFor } from './classify';
import { rest } from './definition';
import { nextInHeader, nextPage, recordsIn } from './paging';
import { deltaValue } from './stream';
import { fillJson, fillText, templateFaults } from './template';

const reply = (body: Json | string, status = 200, headers: Record<string, string> = {}): HttpReply => ({
  status,
  headers,
  setCookies: [],
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('paging', () => {
  const place = { address: 'https://api.example/parts?limit=2', pages: 3, records: 5, onPage: 1, longest: 2 };
  it.each([
    [
      'page number',
      { kind: 'page', parameter: 'p', first: 1, ragged: false },
      {},
      'https://api.example/parts?limit=2&p=4',
    ],
    [
      'offset by what was really read',
      { kind: 'offset', parameter: 'o' },
      {},
      'https://api.example/parts?limit=2&o=5',
    ],
    [
      'offset, all read',
      { kind: 'offset', parameter: 'o', total: 'm.total' },
      { m: { total: 5 } },
      undefined,
    ],
    [
      'cursor',
      { kind: 'cursor', parameter: 'c', path: 'm.next' },
      { m: { next: 'a b' } },
      'https://api.example/parts?limit=2&c=a+b',
    ],
    ['no cursor', { kind: 'cursor', parameter: 'c', path: 'm.next' }, { m: { next: null } }, undefined],
    [
      'link in the body',
      { kind: 'nextLink', path: 'next' },
      { next: '/parts?x=1' },
      'https://api.example/parts?x=1',
    ],
    ['none', { kind: 'none' }, {}, undefined],
  ] as const)('%s', (_name, paging, body, next) => {
    expect(nextPage(paging, reply(body as Json), place)).toEqual({ ok: true, value: next });
  });

  it.each([
    ['says that all is read, and the page is a full one', 5, 2, 'https://api.example/parts?limit=2&o=5'],
    ['says that there is more, and the page is empty', 9, 0, undefined],
  ])('a total is not believed that %s', (_name, total, onPage, next) => {
    const paging = { kind: 'offset', parameter: 'o', total: 'm.total' } as const;
    const answer = reply({ m: { total } });
    expect(nextPage(paging, answer, { ...place, onPage })).toEqual({ ok: true, value: next });
  });

  it('a link to another host is refused', () => {
    const answer = reply({ next: 'https://elsewhere.example/parts' });
    expect(nextPage({ kind: 'nextLink', path: 'next' }, answer, place)).toMatchObject({ ok: false });
  });

  it.each([
    ['<https://a.example/?p=2>; rel="next", <https://a.example/?p=9>; rel="last"', 'https://a.example/?p=2'],
    ['<https://a.example/?p=1>; rel=prev, </p?x=1,2>; title="a"; rel=next', '/p?x=1,2'],
    ['<https://a.example/>; rel="prev next"', 'https://a.example/'],
    ['<https://a.example/>; rel="nextish"', undefined],
    ['', undefined],
  ])('Link header %p', (header, next) => {
    expect(nextInHeader(header)).toBe(next);
  });

  it('only a list of objects is taken for a page', () => {
    expect(recordsIn([{ a: 1 }], undefined)).toEqual({ ok: true, value: [{ a: 1 }] });
    expect(recordsIn({ d: { list: [] } }, 'd.list')).toEqual({ ok: true, value: [] });
    expect(recordsIn({ d: {} }, 'd.list')).toMatchObject({ ok: false });
    expect(recordsIn([1], undefined)).toMatchObject({ ok: false });
  });

  it.each([
    ['iso', '{from}', '2026-01-01T00:00:00.000Z'],
    ['date', '{from}', '2026-01-01'],
    ['epochSeconds', '{from}', '1767225600'],
    ['epochMillis', 'changed:>{from}', 'changed:>1767225600000'],
  ] as const)('a delta in %s', (format, template, value) => {
    expect(deltaValue({ format, template }, '2026-01-01T00:00:00.000Z')).toBe(value);
  });
});

describe('answers', () => {
  const classify = classifierFor([
    { status: [200], path: 'error.code', values: ['LIMIT'], means: 'pause', waitHeader: 'X-Reset' },
    { status: [400], path: 'error.code', values: ['BUSY'], means: 'retry' },
    { status: [418], means: 'reject' },
  ]);
  const decide = (answer: HttpReply): string =>
    classify({ method: 'GET', url: 'https://api.example/', reply: answer, atMs: 0 }).kind;

  it.each<[string, HttpReply, string]>([
    ['a limit told with status 200', reply({ error: { code: 'LIMIT' } }), 'pause'],
    ['a list', reply({ data: [] }), 'succeed'],
    ['a busy record', reply({ error: { code: 'BUSY' } }, 400), 'retryAfter'],
    ['another 400', reply({ error: { code: 'X' } }, 400), 'reject'],
    ['a configured status', reply('', 418), 'reject'],
    ['a page instead of JSON', reply('<html>'), 'retryAfter'],
    ['cut JSON', reply('{"data":[{"a"'), 'retryAfter'],
    ['no content', reply('', 204), 'succeed'],
    ['401', reply('', 401), 'refreshToken'],
    ['429', reply('', 429, { 'retry-after': '3' }), 'retryAfter'],
    ['500', reply('', 500), 'retryAfter'],
  ])('%s', (_name, answer, kind) => {
    expect(decide(answer)).toBe(kind);
  });

  it('the wait comes from the configured header', () => {
    const answer = reply({ error: { code: 'LIMIT' } }, 200, { 'x-reset': '60' });
    expect(classify({ method: 'GET', url: 'https://a.example', reply: answer, atMs: 5 })).toMatchObject({
      untilMs: 60_005,
    });
  });
});

describe('records', () => {
  it('whose ids are longer than a number can be stay apart', () => {
    const answer = reply('{"data":[{"id":9007199254740992},{"id":9007199254740993}]}');
    expect(recordsIn(replyJson(answer), 'data')).toEqual({
      ok: true,
      value: [{ id: 9007199254740992 }, { id: '9007199254740993' }],
    });
  });
});

describe('templates', () => {
  const scope: JsonObject = {
    resource: { id: 'a/b', lines: [{ n: 1, part: 'X' }, { n: 2 }], price: { value: 2.5 } },
  };
  const ids = async (id: string): Promise<string | undefined> => (id === 'X' ? 'ET-1' : undefined);

  it('fill texts, whole values, external ids and lists', async () => {
    expect(await fillText('/orders/{resource.id}?x={resource.nothing}', scope, ids, encodeURIComponent)).toBe(
      '/orders/a%2Fb?x=',
    );
    expect(
      await fillJson(
        {
          reference: 'QB {resource.id}',
          value: '{resource.price.value}',
          gone: '{resource.nothing}',
          lines: { $each: 'resource.lines', $do: { part: '{external:item.part}', quantity: '{item.n}' } },
        },
        scope,
        ids,
      ),
    ).toEqual({ reference: 'QB a/b', value: 2.5, lines: [{ part: 'ET-1', quantity: 1 }, { quantity: 2 }] });
  });

  it('a value never becomes a part of the template', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        const filled = await fillText('/a/{v}/b', { v: text }, ids, encodeURIComponent);
        expect(filled).toBe(`/a/${encodeURIComponent(text)}/b`);
        expect(await fillJson({ x: '{v}' }, { v: text }, ids)).toEqual({ x: text });
      }),
    );
  });

  it('tell what cannot be filled', () => {
    expect(templateFaults({ a: ['{x..y}', '{good.path}'] })).toHaveLength(1);
  });
});

describe('settings', () => {
  const base: JsonObject = { baseUrl: 'https://api.example', auth: { kind: 'none' } };
  const faultsOf = (settings: JsonObject, secrets: Record<string, string> = {}): string[] =>
    checkSettings(rest, { ...base, ...settings }, secrets).faults.map(
      ({ path, message }) => `${path} ${message}`,
    );
  const stream: JsonObject = {
    name: 'parts',
    path: '/parts',
    resource: 'productSpecification',
    id: 'number',
    fields: { name: 'name' },
  };

  it('every fault of the shape is told at once, in a sentence', () => {
    const faults = faultsOf({
      baseUrl: 'ftp://x',
      auth: { kind: 'magic' },
      streams: [
        { ...stream, paging: { kind: 'cursor' }, fields: { name: { from: '', type: 'money' } }, colour: 1 },
      ],
      webhooks: [{ name: 'w', stream: 'parts', windowSeconds: 1 }],
    });
    expect(faults).toEqual(
      expect.arrayContaining([
        expect.stringContaining('/settings/baseUrl does not have the right form'),
        expect.stringContaining('/settings/auth needs "kind" to be one of ["none"'),
        '/settings/streams/0/colour is not a setting of this connector',
        '/settings/streams/0/paging/parameter is missing',
        '/settings/streams/0/paging/path is missing',
        '/settings/streams/0/fields/name/from must not be empty',
        expect.stringContaining('/settings/streams/0/fields/name/type must be one of'),
        '/settings/webhooks/0/windowSeconds must be >= 10',
        '/secrets/webhook-w is missing',
      ]),
    );
  });

  it('what a schema cannot say is told as well', () => {
    const action: JsonObject = {
      name: 'order',
      events: ['TMF622.productOrder.ProductOrderCreateEvent'],
      send: { path: '/orders/{a..b}' },
    };
    const faults = faultsOf(
      {
        streams: [stream, { ...stream, delta: { parameter: 'since' }, fields: { 'a..b': 'x' } }],
        actions: [action],
        webhooks: [{ name: 'w', stream: 'nothing' }],
      },
      { 'webhook-w': 'secret' },
    );
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      '/settings/streams/1/name',
      '/settings/streams/1/fields/a..b',
      '/settings/streams/1/changed',
      '/settings/actions/0/lookup',
      '/settings/actions/0/send/path',
      '/settings/webhooks/0/stream',
    ]);
  });

  it.each([
    ['basic', { user: 'u' }, ['password']],
    ['bearer', {}, ['token']],
    ['apiKey', { name: 'x-api-key' }, ['apiKey']],
    ['clientCredentials', { tokenUrl: 'https://a.example/t', clientId: 'c' }, ['clientSecret']],
    ['refreshToken', { tokenUrl: 'https://a.example/t', clientId: 'c' }, ['clientSecret', 'refreshToken']],
  ])('%s needs its secrets only', (kind, more, secrets) => {
    expect(faultsOf({ auth: { kind, ...more } })).toEqual(
      secrets.map((name) => `/secrets/${name} is missing`),
    );
  });
});
