import { Refusal } from '@quotebridge/platform/core';
import { etagOf, type StoredResource } from '../stored';
import { checkIfMatch, isNotModified } from './conditions';

const current: StoredResource = { _id: '1', _rev: 3, _at: new Date(0), _mod: new Date(0), _by: 'me' };
const etag = etagOf(current);
/** The same state as somebody else is shown it. */
const shownLess = etag.replace(/"$/, '.1"');

test.each([
  [undefined, true],
  ['*', true],
  [etag, true],
  [`"a,b", ${etag}`, true],
  [`"a",${etag},"b"`, true],
  [shownLess, true],
  [`"a", ${shownLess}`, true],
  [`W/${etag}`, false],
  [`W/${shownLess}`, false],
  ['"4-0.1"', false],
  ['"a"', false],
  ['', false],
  ['nonsense', false],
])('If-Match %s lets a change through: %s', (header, through) => {
  const check = () => checkIfMatch(header, current);
  if (through) expect(check).not.toThrow();
  else expect(check).toThrow(Refusal);
});

test.each([
  [undefined, false],
  ['*', true],
  [etag, true],
  [`W/${etag}`, true],
  [`"x", W/${etag}`, true],
  ['"x"', false],
  [etag.slice(1, -1), false],
  [shownLess, false],
])('If-None-Match %s is answered with 304: %s', (header, notModified) => {
  expect(isNotModified(header, etag)).toBe(notModified);
});
