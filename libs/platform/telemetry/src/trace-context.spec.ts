import { ROOT_CONTEXT } from '@opentelemetry/api';
import fc from 'fast-check';
import { contextFrom, contextFromHeaders, traceHeadersOf, traceIdOf, traceparentOf } from './trace-context';

const hex = (length: number) =>
  fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
    .filter((text) => /[^0]/.test(text));

describe('trace context', () => {
  it('every valid traceparent comes out as it went in', () => {
    fc.assert(
      fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, sampled) => {
        const traceparent = `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
        const context = contextFrom(traceparent);
        expect(traceparentOf(context)).toBe(traceparent);
        expect(traceIdOf(context)).toBe(traceId);
      }),
    );
  });

  it('no text whatsoever throws, and what is not a traceparent starts a new trace', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (traceparent, tracestate) => {
        expect(contextFrom(traceparent, tracestate)).toBe(ROOT_CONTEXT);
      }),
    );
  });

  it.each([
    ['all-zero trace id', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['all-zero span id', `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`],
    ['forbidden version', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'.replace('00-', 'ff-')],
    ['capital letters', '00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01'],
    ['missing', undefined],
  ])('%s starts a new trace', (_what, traceparent) => {
    expect(contextFrom(traceparent)).toBe(ROOT_CONTEXT);
  });

  it('a later version with more fields is read by the four that are known', () => {
    const context = contextFrom('cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-ever');
    expect(traceparentOf(context)).toBe('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  });

  it('a header sent twice is not trusted', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(contextFromHeaders({ traceparent: [traceparent, traceparent] })).toBe(ROOT_CONTEXT);
  });

  it('outside of a trace there are no headers to send', () => {
    expect(traceHeadersOf(ROOT_CONTEXT)).toEqual({});
  });
});
