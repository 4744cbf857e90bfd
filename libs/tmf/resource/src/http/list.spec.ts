import { wantsExactCount } from './list';

test.each([
  [undefined, false],
  ['count=exact', true],
  ['respond-async, count=exact', true],
  ['count="exact"; foo', true],
  ['Count=Exact', true],
  ['count=exactly', false],
  ['discount=exact', false],
])('Prefer: %s asks for an exact count: %s', (prefer, exact) => {
  expect(wantsExactCount(prefer)).toBe(exact);
});
