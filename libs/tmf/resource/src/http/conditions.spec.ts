import { Refusal } from '@quotebridge/platform/core';
import { etagOf, type StoredResource } from '../stored';
import { checkIfMatch, isNotModified } from './conditions';

const current: StoredResource = { _id: '1', _rev: 3, _at: new Date(0), _mod: new Date(0), _by: 'me' };
const etag = etagOf(current);

test.each([
  [undefined, true],
  ['*', true],
  [etag, true],
  [`"a,b", ${etag}`, true],
  [`"a",${etag},"b"`, true],
  [`W/${etag}`, false],
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
])('If-None-Match %s is answered with 304: %s', (header, notModified) => {
  expect(isNotModified(header, etag)).toBe(notModified);
});
