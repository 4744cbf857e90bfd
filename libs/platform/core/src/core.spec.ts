import { isoNow } from './clock';
import { cannotListen, isPortTaken, messageOf, Refusal } from './errors';
import { isJsonObject, objectAt, objectsAt, textAt } from './json';

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

describe('an attribute of a resource', () => {
  it.each([
    [
      [{ a: 1 }, 'x', null, [], { b: 2 }],
      [{ a: 1 }, { b: 2 }],
    ],
    [{ a: 1 }, []],
    [undefined, []],
  ])('%j holds the objects %j', (list, expected) => {
    expect(objectsAt({ list }, 'list')).toEqual(expected);
  });

  it.each([
    [{ a: 1 }, { a: 1 }],
    [[{ a: 1 }], {}],
    [undefined, {}],
  ])('%j is the object %j', (one, expected) => {
    expect(objectAt({ one }, 'one')).toEqual(expected);
  });

  it.each([
    ['text', 'text'],
    [' text ', ' text '],
    [' ', undefined],
    [5, undefined],
    [undefined, undefined],
  ])('%j is the text %j', (one, expected) => {
    expect(textAt({ one }, 'one')).toBe(expected);
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

describe('a server that does not listen', () => {
  it('says what to do when its port is taken, and why otherwise', () => {
    const taken = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });
    expect(isPortTaken(taken)).toBe(true);
    expect(cannotListen('The quote', '127.0.0.1', 80, taken)).toMatchObject({
      message: 'The quote cannot listen on 127.0.0.1:80: the port is taken; free it or choose another.',
      cause: taken,
    });
    const denied = new Error('permission denied');
    expect(isPortTaken(denied)).toBe(false);
    expect(cannotListen('The quote', '127.0.0.1', 80, denied).message).toMatch(/: permission denied\.$/);
  });
});

describe('isoNow', () => {
  it('is UTC with milliseconds', () => {
    expect(isoNow({ now: () => 0 })).toBe('1970-01-01T00:00:00.000Z');
  });
});
