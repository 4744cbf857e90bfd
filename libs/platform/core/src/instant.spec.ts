import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { transformFileSync } from '@swc/core';
import { exactInstantOf, instantOf } from './instant';

const iso = (text: string): string => {
  const at = instantOf(text);
  return Number.isNaN(at) ? 'none' : new Date(at).toISOString();
};

const CASES: readonly (readonly [string, string])[] = [
  ['2026-03-01T10:30:00Z', '2026-03-01T10:30:00.000Z'],
  ['2026-03-01T10:30:00.123456Z', '2026-03-01T10:30:00.123Z'],
  ['2026-03-01T10:30:00.5+02:00', '2026-03-01T08:30:00.500Z'],
  ['2026-03-01T10:30:00-0330', '2026-03-01T14:00:00.000Z'],
  ['2026-03-01t10:30:00z', '2026-03-01T10:30:00.000Z'],
  ['2026-03-01T10:30', '2026-03-01T10:30:00.000Z'],
  ['2026-03-01 10:30:15', '2026-03-01T10:30:15.000Z'],
  ['2026-03-01', '2026-03-01T00:00:00.000Z'],
  ['0001-01-01T00:00:00', '0001-01-01T00:00:00.000Z'],
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
  ['2028-02-29T00:00:00+02:00', '2028-02-28T22:00:00.000Z'],
];

test.each(CASES)('%s is %s', (text, instant) => {
  expect(iso(text)).toBe(instant);
});

test.each([
  '',
  'soon',
  '2026',
  '2026-03-01T10',
  '01.03.2026',
  '2026-13-01T00:00:00Z',
  '2026-02-29',
  '2026-02-30T00:00:00Z',
  '2026-04-31T00:00:00.000Z',
  '2026-03-00',
  '2026-03-01T24:00:00Z',
  '2026-03-01T10:30:61Z',
  '2026-03-01T10:30:00+24:00',
  '2026-03-01T10:30:00 02:00',
  `2026-03-01T10:30:00.${'0'.repeat(100)}1Z`,
])('"%s" is none', (text) => {
  expect(iso(text)).toBe('none');
});

test('an instant is known to the last digit that was written', () => {
  expect(exactInstantOf('2026-03-01T10:30:00.123456700+01:00')).toEqual({
    second: Date.parse('2026-03-01T09:30:00Z'),
    fraction: '1234567',
  });
});

test.each(['America/New_York', 'Asia/Kolkata'])('a machine in %s reads all of them alike', (zone) => {
  const { code } = transformFileSync(join(__dirname, 'instant.ts'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  const texts = JSON.stringify(CASES.map(([text]) => text));
  const script = `${code}\nconsole.log(JSON.stringify(${texts}.map(exports.instantOf)));`;
  const output = execFileSync(process.execPath, ['-e', script], { env: { TZ: zone }, encoding: 'utf8' });
  expect(JSON.parse(output)).toEqual(CASES.map(([text]) => instantOf(text)));
});
