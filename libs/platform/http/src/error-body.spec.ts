import { Refusal } from '@quotebridge/platform/core';
import * as fc from 'fast-check';
import { errorBody, toRefusal } from './error-body';

const never = (): boolean => false;
const thrownWith = (fields: object, message = 'secret detail'): Error =>
  Object.assign(new Error(message), fields);

describe('toRefusal', () => {
  it.each([
    ['FST_ERR_CTP_BODY_TOO_LARGE', 413],
    ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 415],
    ['FST_ERR_CTP_EMPTY_JSON_BODY', 400],
    ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400],
    ['FST_ERR_BAD_URL', 400],
  ])('the framework code %s is a %i of ours', (code, status) => {
    expect(toRefusal(thrownWith({ code, statusCode: 418 }), never).status).toBe(status);
  });

  it('says how large a body may be', () => {
    const thrown = thrownWith({ code: 'FST_ERR_CTP_BODY_TOO_LARGE', statusCode: 413 });
    expect(toRefusal(thrown, never, 10 * 1024 * 1024).message).toContain('larger than 10 MB');
    expect(toRefusal(thrown, never, 5_000)).toMatchObject({
      status: 413,
      message: expect.stringContaining('larger than 5000 bytes'),
    });
  });

  it('a refusal stays as it is, even when the store looks away', () => {
    const refusal = new Refusal(409, 'taken', 'It is taken');
    expect(toRefusal(refusal, () => true)).toBe(refusal);
  });

  it('a service that is away is a 503 that says when to come back', () => {
    expect(toRefusal(new Error('ECONNREFUSED 10.0.0.7'), () => true)).toMatchObject({
      status: 503,
      headers: { 'Retry-After': '2' },
      message: expect.not.stringContaining('10.0.0.7'),
    });
  });

  it.each([
    [404, 404],
    [429, 429],
    [414, 400],
    [431, 400],
    [418, 400],
    [500, 500],
    [302, 500],
    [200, 500],
  ])('a thrown status %i is answered with %i', (statusCode, status) => {
    expect(toRefusal(thrownWith({ statusCode }), never).status).toBe(status);
  });

  it('whatever is thrown becomes a refusal, and a 500 says nothing of its cause', () => {
    const thrown = fc.oneof(
      fc.anything(),
      fc.record({ statusCode: fc.anything(), code: fc.anything(), message: fc.string() }),
      fc.string().map((message) => thrownWith({}, `secret ${message}`)),
    );
    fc.assert(
      fc.property(thrown, (value) => {
        const refusal = toRefusal(value, never);
        const body = errorBody(refusal, 'e1');
        expect(body).toMatchObject({ '@type': 'Error', errorId: 'e1', status: String(refusal.status) });
        expect(body.reason).not.toBe('');
        expect(body.message).not.toBe('');
        if (refusal.status === 500) expect(JSON.stringify(body)).not.toContain('secret');
      }),
    );
  });
});

describe('errorBody', () => {
  it('lists every fault, and no empty list', () => {
    const faults = [
      { path: '/name', message: 'is required', code: 'required' },
      { path: '/x', message: 'is no number' },
    ];
    expect(errorBody(new Refusal(400, 'invalid', 'Two faults', { faults }), 'e1')).toEqual({
      '@type': 'Error',
      code: 'invalid',
      reason: 'Bad Request',
      message: 'Two faults',
      status: '400',
      errorId: 'e1',
      details: faults,
    });
    expect(errorBody(new Refusal(404, 'gone', 'Not there'), 'e2')).not.toHaveProperty('details');
  });
});
