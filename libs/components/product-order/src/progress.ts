import { isDeepStrictEqual } from 'node:util';
import { instantOf, objectsAt, textAt, type JsonObject } from '@quotebridge/platform/core';
import { itemRefs, itemsOf } from './items';
import { itemStateOf } from './request-state';
import { orderMachine } from './states';

/** When something happened, and to which order. */
export interface Moment {
  readonly orderId: string;
  /** Date-time text, UTC. */
  readonly at: string;
  /** True while a cancellation moves the order: it waits for a decision, not for information. */
  readonly isCancelling?: boolean;
}

const stateOf = (order: JsonObject | undefined): string => String(order?.['state'] ?? '');

const has = (order: JsonObject, name: string, id: string): boolean =>
  objectsAt(order, name).some((entry) => entry['id'] === id);

/** The order with the dates that its new state brings: `completionDate`, `cancellationDate`. */
export const withDates = (before: JsonObject | undefined, after: JsonObject, { at }: Moment): JsonObject => {
  const state = stateOf(after);
  if (state === stateOf(before)) return after;
  if (state === 'cancelled') return { ...after, cancellationDate: after['cancellationDate'] ?? at };
  const isDone = state === 'completed' || state === 'partial';
  return isDone ? { ...after, completionDate: after['completionDate'] ?? at } : after;
};

interface MilestoneRule {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly reachedIn: ReadonlySet<string>;
}

const ENDED = orderMachine.states.filter((state) => orderMachine.isFinal(state));
const WORK_BEGUN = ['inProgress', 'inProgress.accepted', 'held', 'completed', 'partial', 'failed'];

const MILESTONES: readonly MilestoneRule[] = [
  {
    id: 'accepted',
    name: 'Order accepted',
    description: 'The order was checked and will be worked on',
    reachedIn: new Set(['acknowledged', 'pending', ...WORK_BEGUN]),
  },
  {
    id: 'started',
    name: 'Work started',
    description: 'Work on the first item has begun',
    reachedIn: new Set(WORK_BEGUN),
  },
  {
    id: 'completed',
    name: 'Order completed',
    description: 'Every item is completed',
    reachedIn: new Set(['completed']),
  },
];

/**
 * The order with its own milestones brought up to date (TMF622 v5 `productOrderMilestone`): once completed a
 * milestone stays so; one that an ended order never reached is violated. Milestones of others are left alone.
 */
export const withMilestones = (order: JsonObject, { orderId, at }: Moment): JsonObject => {
  const known = objectsAt(order, 'productOrderMilestone');
  const state = stateOf(order);
  if (state === 'draft') return order;
  const own = MILESTONES.map(({ id, name, description, reachedIn }): JsonObject => {
    const current = known.find((milestone) => milestone['id'] === id);
    if (current?.['status'] === 'Completed' || current?.['status'] === 'Violated') return current;
    const isOver = ENDED.some((end) => end === state);
    const status = reachedIn.has(state) ? 'Completed' : isOver ? 'Violated' : 'Yet-To-Reach';
    if (current?.['status'] === status) return current;
    return {
      '@type': 'ProductOrderMilestone',
      id,
      name,
      description,
      status,
      ...(status === 'Yet-To-Reach' ? {} : { milestoneDate: at, message: `The order is ${state}` }),
      productOrderItem: itemRefs(orderId, itemsOf(order)),
    };
  });
  const isSame = own.every((milestone) => known.includes(milestone));
  if (isSame) return order;
  const ids = new Set<unknown>(MILESTONES.map(({ id }) => id));
  return { ...order, productOrderMilestone: [...known.filter(({ id }) => !ids.has(id)), ...own] };
};

/**
 * The order with an alert for each item that was newly stopped (`held`, `pending`), and one when the date the client
 * asked for has passed (TMF622 v5 `productOrderJeopardyAlert`). An alert is written once and stays.
 */
export const withJeopardyAlerts = (
  before: JsonObject | undefined,
  after: JsonObject,
  { orderId, at, isCancelling }: Moment,
): JsonObject => {
  const was = new Map(itemsOf(before ?? {}).map((item) => [item['id'], itemStateOf(item)]));
  const stopped = itemsOf(after).filter((item) => {
    if (isCancelling === true) return false;
    const state = itemStateOf(item);
    const isBack = was.get(item['id']) === 'assessingCancellation';
    return (state === 'held' || state === 'pending') && was.get(item['id']) !== state && !isBack;
  });
  const alerts = stopped.map((item): JsonObject => {
    const state = itemStateOf(item);
    const exception = state === 'held' ? 'is blocked' : 'waits for information';
    return {
      '@type': 'ProductOrderJeopardyAlert',
      id: `${String(item['id'])}-${state}-${at}`,
      name: `Item ${String(item['id'])} ${exception}`,
      alertDate: at,
      jeopardyType: 'Warning',
      exception: state,
      message: `Item ${String(item['id'])} ${exception}; the order may be late`,
      productOrderItem: itemRefs(orderId, [item]),
    };
  });
  const late = lateAlert(after, { orderId, at });
  const added = late === undefined ? alerts : [...alerts, late];
  if (added.length === 0) return after;
  return {
    ...after,
    productOrderJeopardyAlert: [...objectsAt(after, 'productOrderJeopardyAlert'), ...added],
  };
};

const lateAlert = (order: JsonObject, { orderId, at }: Moment): JsonObject | undefined => {
  const due = textAt(order, 'requestedCompletionDate');
  const id = `late-${due ?? ''}`;
  const isOver = ENDED.some((end) => end === stateOf(order));
  if (due === undefined || isOver || stateOf(order) === 'draft') return undefined;
  if (!(instantOf(due) < instantOf(at)) || has(order, 'productOrderJeopardyAlert', id)) return undefined;
  return {
    '@type': 'ProductOrderJeopardyAlert',
    id,
    name: 'Order is late',
    alertDate: at,
    jeopardyType: 'Critical',
    exception: 'late',
    message: `The order was asked for by ${due} and is ${stateOf(order)}`,
    productOrderItem: itemRefs(
      orderId,
      itemsOf(order).filter((item) => !hasEnded(item)),
    ),
  };
};

const hasEnded = (item: JsonObject): boolean => ENDED.some((end) => end === itemStateOf(item));

/** The order with a message for the items that failed or were rejected by this change (v5 `productOrderErrorMessage`). */
export const withErrorMessages = (
  before: JsonObject | undefined,
  after: JsonObject,
  { orderId, at }: Moment,
): JsonObject => {
  const was = new Map(itemsOf(before ?? {}).map((item) => [item['id'], itemStateOf(item)]));
  const added = (['failed', 'rejected'] as const).flatMap((state): JsonObject[] => {
    const items = itemsOf(after).filter(
      (item) => itemStateOf(item) === state && was.get(item['id']) !== state,
    );
    if (items.length === 0) return [];
    const names = items.map(({ id }) => String(id)).join(', ');
    return [
      {
        '@type': 'ProductOrderErrorMessage',
        code: state === 'failed' ? 'itemFailed' : 'itemRejected',
        reason: `Item ${names} ${state === 'failed' ? 'failed' : 'was rejected'}`,
        message: `The order is ${stateOf(after)}`,
        status: '409',
        timestamp: at,
        productOrderItem: itemRefs(orderId, items),
      },
    ];
  });
  if (added.length === 0) return after;
  return { ...after, productOrderErrorMessage: [...objectsAt(after, 'productOrderErrorMessage'), ...added] };
};

/** Everything that a change of an order brings along: dates, milestones, alerts and error messages. */
export const withProgress = (before: JsonObject | undefined, after: JsonObject, moment: Moment): JsonObject =>
  withErrorMessages(
    before,
    withJeopardyAlerts(before, withMilestones(withDates(before, after, moment), moment), moment),
    moment,
  );

const NOTICES: readonly (readonly [attribute: string, event: string])[] = [
  ['productOrderMilestone', 'ProductOrderMilestoneEvent'],
  ['productOrderJeopardyAlert', 'ProductOrderJeopardyAlertEvent'],
  ['productOrderErrorMessage', 'ProductOrderErrorMessageEvent'],
];

/** Types of the further events of a change: milestones, alerts, error messages, and information that is needed. */
export const noticeEvents = (
  before: JsonObject | undefined,
  after: JsonObject,
  isCancelling = false,
): readonly string[] => {
  const types = NOTICES.filter(
    ([attribute]) =>
      after[attribute] !== undefined && !isDeepStrictEqual(after[attribute], before?.[attribute]),
  ).map(([, event]) => event);
  const needsInformation =
    !isCancelling &&
    stateOf(after) === 'pending' &&
    !['pending', 'assessingCancellation'].includes(stateOf(before));
  return needsInformation ? [...types, 'ProductOrderInformationRequiredEvent'] : types;
};
