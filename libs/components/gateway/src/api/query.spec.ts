import { checkedQuery } from './query';

const parameters = {
  at: { kind: 'date-time', doc: '' },
  built: { kind: 'date-time', doc: '', words: ['asBuilt'] },
  quantity: { kind: 'decimal', doc: '' },
  currency: { kind: 'currency', doc: '' },
  number: { kind: 'integer', doc: '', minimum: 1 },
  limit: { kind: 'integer', doc: '', minimum: 1, maximum: 9 },
} as const;
const read = (query: Record<string, unknown>) => checkedQuery(parameters, query);

describe('parameters of a query', () => {
  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T10:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T10:00:30.5', '2026-01-31T10:00:30.500Z'],
    ['2026-01-31T10:00:00+02:00', '2026-01-31T08:00:00.000Z'],
  ])('the time %s is %s on every machine', (given, meant) => {
    expect(read({ at: given }).at).toBe(meant);
  });

  it('takes a word in the place of a value, as it is, where one is declared', () => {
    expect(read({ built: 'asBuilt' }).built).toBe('asBuilt');
    expect(read({ built: '2026-01-31' }).built).toBe('2026-01-31T00:00:00.000Z');
    expect(() => read({ built: 'asbuilt' })).toThrow('or asBuilt');
  });

  it('takes a whole number as long as it is exact', () => {
    expect(read({ number: '9007199254740991' }).number).toBe('9007199254740991');
    expect(() => read({ number: '9007199254740993' })).toThrow('number must be a whole number');
  });

  it.each([
    ['at', '2026-02-30'],
    ['at', '2026-13-01'],
    ['at', '2026'],
    ['at', '2026-01-31T25:00'],
    ['at', '01/31/2026'],
    ['at', 'asBuilt'],
    ['quantity', '0'],
    ['quantity', '-1'],
    ['quantity', '1e3'],
    ['currency', 'Euro'],
    ['currency', 'eur'],
    ['limit', '0'],
    ['limit', '10'],
    ['limit', '1.5'],
    ['other', 'x'],
    ['at', ['2026-01-31', '2026-02-01']],
  ])('refuses %s=%s with its place', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(
      expect.objectContaining({ status: 400, faults: [expect.objectContaining({ path: name })] }),
    );
  });

  it.each([
    [{ minimum: 1, maximum: 9 }, 'must be a whole number from 1 to 9'],
    [{ minimum: 1 }, 'must be a whole number from 1 on'],
    [{}, 'must be a whole number'],
  ])('says what a whole number may be: %j', (bounds, message) => {
    const parameter = { n: { kind: 'integer', doc: '', ...bounds } } as const;
    expect(() => checkedQuery(parameter, { n: 'x' })).toThrow(
      expect.objectContaining({ faults: [expect.objectContaining({ message })] }),
    );
  });
});
