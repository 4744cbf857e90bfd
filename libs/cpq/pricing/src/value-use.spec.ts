import { matches, readValueUses } from './value-use';

const DATE = '2026-01-01T00:00:00Z';

const suits = (name: string, value: unknown, given: unknown): boolean =>
  readValueUses(
    { prodSpecCharValueUse: [{ name, productSpecCharacteristicValue: [{ value: value as never }] }] },
    DATE,
  ).every((use) => matches(use, given));

test.each<[string, unknown, unknown, boolean]>([
  ['priceList', '1', '1', true],
  ['priceList', '01', '1', false],
  ['thread', '1.0', '1', false],
  ['length', 10, '10.0', true],
  ['length', '10', 10, true],
  ['quantity', '10', '10.0', true],
  ['colour', 'red', 'blue', false],
  ['isBlue', true, true, true],
])('%s %j is the value %j: %s', (name, value, given, same) => {
  expect(suits(name, value, given)).toBe(same);
});
