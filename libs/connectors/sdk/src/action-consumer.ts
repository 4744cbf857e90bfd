import { messageOf, type Clock } from '@quotebridge/platform/core';
import {
  PermanentError,
  TMF_EVENTS,
  type ConsumerPart,
  type EventBus,
  type Running,
} from '@quotebridge/platform/events';
import { isCallFailed, type Decision } from '@quotebridge/platform/resilience';
import { isTransientStoreError } from '@quotebridge/platform/store';
import { readActionEvent } from './action-event';
import { performAction, TryAgain } from './action-run';
import { ActionRefused, type Action, type ActionEvent } from './action';
import { consumerOf, consumerOwner } from './consumer-names';
import type { ConnectorObserver, ConnectorTrace } from './instance-options';
import { OutcomeMissing, type OutcomeInbox } from './outcome-inbox';
import type { ConnectorStores } from './ports';
import type { Redactor } from './redact';
import { Turns } from './turns';

/** What taking the events of an action needs. */
interface ActionConsumerDeps {
  readonly bus: EventBus;
  readonly instance: string;
  readonly stores: ConnectorStores;
  readonly clock: Clock;
  readonly inbox: OutcomeInbox;
  readonly redact: Redactor;
  readonly settleMs: number;
  readonly atOnce: number;
  readonly traced: ConnectorTrace['run'];
  readonly observer?: ConnectorObserver;
}

const LOOK_MS = 1_000;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Takes the events of an action, those of one part of the keys, from a durable consumer. What passes is tried without end, a
 * refusal becomes a dead letter at once, anything else after some tries. Reasons never carry a secret. `atOnce` holds for all
 * parts together.
 */
export const consumeAction = (
  action: Action,
  deps: ActionConsumerDeps,
): ((part: ConsumerPart) => Promise<Running>) => {
  const turns = new Turns(deps.atOnce);
  return async (part) => {
    let isEnding = false;
    const running = await deps.bus.consume(
      {
        durable: consumerOf(deps.instance, action.name),
        owner: consumerOwner(deps.instance),
        stream: TMF_EVENTS,
        subjects: action.subjects,
        part,
        concurrency: deps.atOnce,
        maxAttempts: 20,
        backoffMs: [500, 1_000, 2_000, 5_000, 15_000, 60_000],
        ackWaitMs: 30_000,
        isTransient: (thrown) => thrown instanceof TryAgain,
      },
      (delivery) =>
        turns.take(async () => {
          // Its turn came late: whoever has the part next does it.
          if (isEnding) throw new TryAgain('the process gives this part of the work up');
          const event = readActionEvent(delivery.json());
          const { subject, id, key } = delivery;
          await deps.traced(`action ${action.name}`, delivery.headers, () => act(action, event, deps), {
            subject,
            id,
            key,
            consumer: consumerOf(deps.instance, action.name),
          });
        }),
    );
    return {
      stop: async () => {
        isEnding = true;
        await running.stop();
      },
    };
  };
};

const act = async (action: Action, event: ActionEvent, deps: ActionConsumerDeps): Promise<void> => {
  const { instance, stores, clock, inbox, redact, settleMs, observer } = deps;
  try {
    await performAction(action, event, {
      instance,
      stores,
      submit: inbox.submit.bind(inbox),
      newRun: () => inbox.newRun(),
      clock,
      sleep,
      redact,
      settleMs,
      lookMs: Math.min(LOOK_MS, settleMs),
    });
    observer?.action(action.name, event.eventId);
  } catch (thrown) {
    const reason = redact(messageOf(thrown));
    observer?.action(action.name, event.eventId, reason);
    if (thrown instanceof PermanentError) throw new PermanentError(reason, { told: thrown.told });
    if (thrown instanceof ActionRefused) throw new PermanentError(reason);
    throw passes(thrown) ? new TryAgain(reason) : new Error(reason);
  }
};

// A refused credential as well: every event would fail, and none is to blame.
const PASSING: ReadonlySet<Decision['kind']> = new Set(['retryAfter', 'pause', 'refreshToken']);

/** True for failures that say nothing against the event: the other side, the store or the broker is away. */
const passes = (thrown: unknown): boolean =>
  thrown instanceof TryAgain ||
  thrown instanceof OutcomeMissing ||
  isTransientStoreError(thrown) ||
  (isCallFailed(thrown) && (thrown.ambiguous || PASSING.has(thrown.decision.kind)));
