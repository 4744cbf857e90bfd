import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { CannotOpen, FieldKeys } from './field-keys';

const entry = (id: string, bytes = randomBytes(32)): string => `${id}:${bytes.toString('base64')}`;
const read = (text: string): FieldKeys => {
  const keys = FieldKeys.parse(text);
  if (!keys.ok) throw new Error(keys.error);
  return keys.value;
};

describe('keys of fields', () => {
  const first = entry('k1');
  const second = entry('k2');

  it('what is sealed opens at its place, whatever the text, and never looks the same twice', () => {
    const keys = read(first);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, place) => {
        const sealed = keys.seal(text, place);
        expect(keys.open(sealed, place)).toBe(text);
        expect(Buffer.from(sealed)).not.toEqual(Buffer.from(keys.seal(text, place)));
      }),
    );
  });

  it('no byte can be changed, and nothing opens at another place', () => {
    const keys = read(first);
    const sealed = keys.seal('anna@firm.example', 'customer/1/email');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => keys.open(changed, 'customer/1/email')).toThrow(CannotOpen);
    }
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => keys.open(sealed.subarray(0, length), 'customer/1/email')).toThrow(CannotOpen);
    expect(() => keys.open(sealed, 'customer/2/email')).toThrow(CannotOpen);
  });

  it('the first key seals, all open: a key is changed by putting a new one in front', () => {
    const old = read(first).seal('x', 'p');
    const both = read(`${second}, ${first}`);
    expect(both.currentId).toBe('k2');
    expect(both.open(old, 'p')).toBe('x');
    const renewed = both.seal('x', 'p');
    expect(read(second).open(renewed, 'p')).toBe('x');
    expect(() => read(second).open(old, 'p')).toThrow('sealed with the key k1, which FIELD_KEYS lacks');
  });

  it('equal texts have the same stand-in by one key and place, others have not', () => {
    const both = read(`${second},${first}`);
    const [current, older] = both.blind('anna@firm.example', 'customer/email');
    expect(read(second).blind('anna@firm.example', 'customer/email')).toEqual([current]);
    expect(read(first).blind('anna@firm.example', 'customer/email')).toEqual([older]);
    expect(read(second).blind('Anna@firm.example', 'customer/email')).not.toEqual([current]);
    expect(read(second).blind('anna@firm.example', 'customer/phone')).not.toEqual([current]);
  });

  it.each([
    ['', 'must be a list'],
    ['k1', 'must be a list'],
    [entry('k1', randomBytes(16)), 'must be a list'],
    [entry('a key'), 'must be a list'],
    [`${entry('k1')},${entry('k1')}`, 'has the id k1 twice'],
  ])('%j is refused without showing a key', (text, reason) => {
    const keys = FieldKeys.parse(text);
    expect(!keys.ok && keys.error).toContain(reason);
    const [, secret = ''] = text.split(':');
    if (secret !== '') expect(!keys.ok && keys.error).not.toContain(secret);
  });
});
