import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// The generator is an ES module that runs before the build, so its reader of lines is asked in a process of its own.
const ask = (expression: string): unknown => {
  const url = pathToFileURL(join(__dirname, 'notation.mjs')).href;
  const source = `const notation = await import('${url}'); console.log(JSON.stringify(${expression} ?? null));`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', source], {
      encoding: 'utf8',
      stdio: 'pipe',
    }),
  );
};

const read = (line: unknown, version: string): unknown =>
  ask(`notation.parseAttribute('a', ${JSON.stringify(line)}, '${version}', 'Here.a')`);

const plain = { name: 'a', type: 'string', list: false, min: 0, required: false, absent: false, bodies: {} };

test.each([
  ['string', 'v5', plain],
  ['string!', 'v4', { ...plain, required: true }],
  ['string v4!', 'v4', { ...plain, required: true }],
  ['string v4!', 'v5', plain],
  ['Note[]', 'v5', { ...plain, type: 'Note', list: true }],
  ['Note[1..] !new', 'v5', { ...plain, type: 'Note', list: true, min: 1, bodies: { new: 'required' } }],
  ['date-time v5!new -patch', 'v4', { ...plain, type: 'date-time', bodies: { patch: 'absent' } }],
  [
    'date-time v5!new -patch',
    'v5',
    { ...plain, type: 'date-time', bodies: { new: 'required', patch: 'absent' } },
  ],
  ['string! ?patch', 'v5', { ...plain, required: true, bodies: { patch: 'optional' } }],
  ['string v4', 'v5', null],
  [{ v4: 'string', v5: 'Note[]' }, 'v5', { ...plain, type: 'Note', list: true }],
])('%j in %s', (line, version, attribute) => {
  expect(read(line, version)).toEqual(attribute);
});

test('a value of an enumeration may exist in one version only', () => {
  const values = JSON.stringify(['open', 'in work', 'draft v5', 'old v4']);
  expect(ask(`notation.parseEnum(${values}, 'v5')`)).toEqual(['open', 'in work', 'draft']);
});

test.each(['string v6', 'string !post', 'string -', 'Note[x]'])(
  'the line "%s" is refused with its place',
  (line) => {
    expect(() => read(line, 'v5')).toThrow('Here.a');
  },
);
