import { afterAttempt, defaultDeliveryPlan } from './delivery-plan';

const plan = { ...defaultDeliveryPlan, parkAfterAttempts: 3 };

test.each([
  [1, 200, 'delivered'],
  [3, 204, 'delivered'],
  [1, 302, 'retry'],
  [1, 404, 'retry'],
  [2, 500, 'retry'],
  [2, undefined, 'retry'],
  [3, 500, 'park'],
  [3, undefined, 'park'],
  [1, 410, 'park'],
] as const)('try %i answered with %s: %s', (attempt, status, next) => {
  expect(afterAttempt(plan, attempt, status)).toBe(next);
});
