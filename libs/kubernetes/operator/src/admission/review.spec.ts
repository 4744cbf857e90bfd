import fc from 'fast-check';
import type { JsonObject } from '@quotebridge/platform/core';
import { review, type Judge, type Reviewed, type Verdict } from './review';

const NONE: Verdict = { faults: [], warnings: [] };
/** Says of a spec what stands in it. */
const judge: Judge = async ({ spec }) => ({
  faults: ((spec as unknown as JsonObject)['wrong'] as string[]).map((path) => ({
    path,
    message: 'is wrong',
    code: 'x',
  })),
  warnings: ((spec as unknown as JsonObject)['odd'] ?? []) as string[],
});
const connector = (wrong: readonly string[], more: JsonObject = {}): JsonObject => ({
  metadata: { name: 'erp', ...more },
  spec: { type: 's4hana', wrong: [...wrong] },
});
const ask = (request: JsonObject, by: Judge = judge): Promise<Reviewed | undefined> =>
  review({ kind: 'AdmissionReview', request: { uid: 'u1', ...request } }, by);
const responseOf = async (request: JsonObject): Promise<unknown> => (await ask(request))?.answer['response'];

describe('a review', () => {
  it('lets what is right through, without a word', async () => {
    expect(await ask({ object: connector([]) })).toEqual({
      result: 'allowed',
      answer: {
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid: 'u1', allowed: true },
      },
    });
  });

  it('refuses what is wrong, with the faults in the message and as causes', async () => {
    expect(await responseOf({ object: connector(['spec.a', 'spec.b']) })).toEqual({
      uid: 'u1',
      allowed: false,
      status: {
        code: 422,
        reason: 'Invalid',
        message: 'spec.a is wrong; spec.b is wrong',
        details: {
          group: 'connectors.quotebridge.io',
          kind: 'Connector',
          name: 'erp',
          causes: [
            { reason: 'FieldValueInvalid', field: 'spec.a', message: 'is wrong' },
            { reason: 'FieldValueInvalid', field: 'spec.b', message: 'is wrong' },
          ],
        },
      },
    });
  });

  it('names only the faults that a change brings; those that were there are warnings', async () => {
    const oldObject = connector(['spec.a']);
    const object = {
      ...connector(['spec.a']),
      spec: { type: 's4hana', wrong: ['spec.a'], state: 'Stopped' },
    };
    expect(await responseOf({ object, oldObject })).toEqual({
      uid: 'u1',
      allowed: true,
      warnings: ['spec.a is wrong'],
    });
    expect(await responseOf({ object: connector(['spec.a', 'spec.b']), oldObject })).toMatchObject({
      status: { message: 'spec.b is wrong' },
    });
  });

  it.each<[string, JsonObject]>([
    [
      'is being deleted',
      { object: connector(['spec.b'], { deletionTimestamp: 'x' }), oldObject: connector([]) },
    ],
    [
      'has its finalizers changed',
      {
        object: connector(['spec.a'], { finalizers: [] }),
        oldObject: connector(['spec.a'], { finalizers: ['x'] }),
      },
    ],
    ['is deleted', { operation: 'DELETE', oldObject: connector(['spec.a']) }],
  ])('looks at no spec when the Connector %s', async (_what, request) => {
    const never: Judge = async () => {
      throw new Error('was asked');
    };
    expect((await ask(request, never))?.answer['response']).toEqual({ uid: 'u1', allowed: true });
  });

  it('warnings are as short and as few as the API server takes', async () => {
    const many: Judge = async () => ({
      ...NONE,
      warnings: Array.from({ length: 50 }, () => 'x'.repeat(900)),
    });
    const { answer, result } = (await ask({ object: connector([]) }, many)) ?? {};
    const { warnings } = answer?.['response'] as { warnings: string[] };
    expect([result, warnings.length, warnings.every((text) => text.length < 256)]).toEqual([
      'warned',
      10,
      true,
    ]);
  });

  it('whatever comes is a review with an answer that carries its uid, or none', async () => {
    const calm: Judge = async () => NONE;
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (body) => expect(await review(body, calm)).toBeUndefined()),
      { examples: [[null], [{ request: 1 }], [{ request: {} }]] },
    );
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.anything(), async (uid, object) => {
        const { answer } = (await review({ request: { uid, object } }, calm)) ?? {};
        expect(answer).toMatchObject({ response: { uid, allowed: true } });
      }),
    );
  });
});
