import { isoNow } from './clock';
import { messageOf, Refusal } from './errors';
import { isJsonObject } from './json';

describe('isJsonObject', () => {
  it.each([
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    [undefined, false],
    ['text', false],
    [0, false],
  ])('of %j is %s', (value, expected) => {
    expect(isJsonObject(value)).toBe(expected);
  });
});

describe('Refusal', () => {
  it('is an error with status, code and message, and with the cause only when there is one', () => {
    const cause = new Error('inner');
    expect(new Refusal(409, 'taken', 'Taken', { cause })).toMatchObject({
      name: 'Refusal',
      status: 409,
      code: 'taken',
      message: 'Taken',
      cause,
      faults: [],
      headers: {},
    });
    expect(Object.hasOwn(new Refusal(404, 'gone', 'Gone'), 'cause')).toBe(false);
  });
});

describe('messageOf', () => {
  it.each([
    [new Error('why'), 'why'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [7, '7'],
  ])('of %p is %j', (thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
  });

  it('is a text for what has no text of its own', () => {
    expect(typeof messageOf(Object.create(null))).toBe('string');
    expect(
      typeof messageOf({
        toString: () => {
          throw new Error('no');
        },
      }),
    ).toBe('string');
  });
});

describe('isoNow', () => {
  it('is UTC with milliseconds', () => {
    expect(isoNow({ now: () => 0 })).toBe('1970-01-01T00:00:00.000Z');
  });
});
