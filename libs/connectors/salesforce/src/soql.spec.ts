import * as fc from 'fast-check';
import type { Exchange } from '@quotebridge/platform/resilience';
import { classify, readUsage } from './classify';
import { changedOpportunities, opportunityById } from './opportunity-query';
import { readTime, soqlText } from './soql';

describe('SOQL', () => {
  it('a quoted text can not end its literal', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const inner = soqlText(text).slice(1, -1);
        expect(inner.replace(/\\./g, '')).not.toMatch(/['"\\\n\r]/);
      }),
    );
  });

  const settings = {
    stages: ["O'Neil"],
    customerNumberField: 'AccountNumber',
    offeringSource: 'erp',
    fields: { quoteId: 'Quote__c' },
    lineItemField: 'Item__c',
    multiCurrency: false,
  };

  it('at first the stream asks for what becomes a quote or has one, later for all that changed', () => {
    expect(changedOpportunities(settings, undefined)).toContain(
      "WHERE (IsClosed = false AND StageName IN ('O\\'Neil')) OR (Quote__c != null) ORDER BY SystemModstamp, Id",
    );
    expect(changedOpportunities(settings, '2026-01-01T00:00:00Z')).toContain(
      'WHERE SystemModstamp >= 2026-01-01T00:00:00.000Z ORDER BY SystemModstamp, Id',
    );
  });

  it('the fields that are written are read before', () => {
    const query = opportunityById('006', settings);
    expect(query).toMatch(/Quote__c.*Item__c.* WHERE Id = '006'$/);
    expect(query).not.toContain('CurrencyIsoCode');
    expect(opportunityById('006', { ...settings, multiCurrency: true })).toContain('CurrencyIsoCode');
  });

  it.each([
    ['2026-01-01T10:00:00.000+0000', '2026-01-01T10:00:00.000Z'],
    ['2026-01-01T10:00:00.000+0200', '2026-01-01T08:00:00.000Z'],
    ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00.000Z'],
    ['2026-01-01', undefined],
    [5, undefined],
  ])('reads the time %p as %p', (value, expected) => {
    expect(readTime(value)).toBe(expected);
  });
});

describe('classify', () => {
  const exchange = (status: number, body: unknown, headers: Record<string, string> = {}): Exchange => ({
    method: 'PATCH',
    url: 'https://org.example/x',
    atMs: 1_000,
    reply: { status, headers, setCookies: [], body: typeof body === 'string' ? body : JSON.stringify(body) },
  });
  const composite = (...parts: readonly (readonly [number, unknown])[]): Exchange => ({
    ...exchange(200, {
      compositeResponse: parts.map(([httpStatusCode, body]) => ({ httpStatusCode, body })),
    }),
    url: 'https://org.example/services/data/v62.0/composite',
  });
  const error = (errorCode: string): unknown => [{ errorCode, message: 'why', fields: ['StageName'] }];

  it.each<[string, Exchange, object]>([
    ['an update', exchange(204, ''), { kind: 'succeed' }],
    ['a page of a proxy', exchange(200, '<html>'), { kind: 'retryAfter' }],
    ['an expired session', exchange(401, error('INVALID_SESSION_ID')), { kind: 'refreshToken' }],
    ['a spent budget', exchange(403, error('REQUEST_LIMIT_EXCEEDED')), { kind: 'pause', untilMs: 901_000 }],
    ['a locked row', exchange(400, error('UNABLE_TO_LOCK_ROW')), { kind: 'retryAfter' }],
    [
      'throttling',
      exchange(429, error('SERVER_UNAVAILABLE'), { 'retry-after': '4' }),
      { kind: 'retryAfter', waitMs: 4_000 },
    ],
    ['a missing right', exchange(403, error('INSUFFICIENT_ACCESS')), { kind: 'fail' }],
    [
      'a wrong value',
      exchange(400, error('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST')),
      {
        kind: 'reject',
        code: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
        reason: expect.stringContaining('StageName') as string,
      },
    ],
    ['several matches', exchange(300, ['/a', '/b']), { kind: 'reject', code: 'MULTIPLE' }],
    ['an outage', exchange(503, ''), { kind: 'retryAfter' }],
    ['a composite that worked', composite([204, null], [200, [{ success: true }]]), { kind: 'succeed' }],
    [
      'a composite whose second part met a locked row',
      composite([400, error('PROCESSING_HALTED')], [400, error('UNABLE_TO_LOCK_ROW')]),
      { kind: 'retryAfter', reason: expect.stringContaining('UNABLE_TO_LOCK_ROW') as string },
    ],
    [
      'a composite with a collection that has a refused record',
      composite([
        200,
        [
          { success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK', message: '' }] },
          { success: false, errors: [{ statusCode: 'FIELD_INTEGRITY_EXCEPTION', message: 'why' }] },
        ],
      ]),
      { kind: 'reject', code: 'FIELD_INTEGRITY_EXCEPTION' },
    ],
    [
      'a page of a bulk result',
      exchange(200, 'Id\n006\n', { 'content-type': 'text/csv' }),
      { kind: 'succeed' },
    ],
  ])('takes %s for what it is', (_name, given, expected) => {
    expect(classify(given)).toMatchObject(expected);
  });

  it.each([
    ['api-usage=18/15000', { used: 18, perDay: 15_000 }],
    ['api-usage=1/2; per-app-api-usage=17/250(appName=x)', { used: 1, perDay: 2 }],
    ['per-app-api-usage=17/250', undefined],
    [undefined, undefined],
  ])('reads the usage %p', (header, expected) => {
    expect(readUsage(header)).toEqual(expected);
  });
});
