import { isoNow, messageOf, type Clock, type JsonObject } from '@quotebridge/platform/core';
import { PermanentError, type IngestBatch, type IngestOutcome } from '@quotebridge/platform/events';
import { isCallFailed } from '@quotebridge/platform/resilience';
import { ActionRefused, type Action, type ActionEvent, type ActionResult } from './action';
import type { ConnectorStores, JournalEntry } from './ports';
import type { Redactor } from './redact';

/** What an action needs to run. Times in milliseconds. */
export interface ActionRunDeps {
  readonly instance: string;
  readonly stores: ConnectorStores;
  readonly submit: (batch: IngestBatch) => Promise<IngestOutcome>;
  readonly newRun: () => string;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  readonly redact: Redactor;
  /** Longest time the outside system may take to make a sent request visible. */
  readonly settleMs: number;
  /** Wait between two look-ups while settling. */
  readonly lookMs: number;
}

/** A failure that passes: the event is delivered again, without end. */
export class TryAgain extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TryAgain';
  }
}

/**
 * Performs an action for one event. The outside system is asked before every send whether the effect is already
 * there; a send is noted before it happens; after an unclear one (no answer, server error, crash) it is asked again
 * until the answer must have become visible, and only then may the next try send. So the effect happens at most once
 * whatever times out, and exactly once when the system comes back (guarantee 4).
 */
export const performAction = async (
  action: Action,
  event: ActionEvent,
  deps: ActionRunDeps,
): Promise<void> => {
  const key = await action.key(event);
  if (key === undefined) return;
  const before = await deps.stores.journal.get(action.name, key);
  if (action.effect === 'once' && before?.state === 'done') return;
  if (action.effect === 'latest' && isOlder(event, before)) return;
  const asked = await action.asks?.(event);
  if (asked !== undefined && stillRefused(event, asked, before)) return;
  const entry = (state: JournalEntry['state'], sentAtMs: number, effect?: JsonObject): JournalEntry => ({
    state,
    sentAtMs,
    eventTime: event.eventTime,
    eventId: event.eventId,
    ...(asked === undefined ? {} : { asked }),
    ...(effect === undefined ? {} : { effect }),
  });
  const note = (next: JournalEntry): Promise<void> => deps.stores.journal.put(action.name, key, next);

  const found = await present(action, event, before, deps);
  const sentAtMs = deps.clock.now();
  if (found === undefined) {
    const mine = await deps.stores.journal.begin(
      action.name,
      key,
      entry('sending', sentAtMs),
      sentAtMs - deps.settleMs,
    );
    if (!mine) throw new TryAgain(`${action.title} for ${key} is being done by another process`);
  }
  let effect: JsonObject;
  try {
    effect = found ?? (await send(action, event, deps));
  } catch (thrown) {
    if (!isCallFailed(thrown, 'reject') && !(thrown instanceof ActionRefused)) {
      // Only an unclear send leaves the mark that makes the next try wait and look.
      if (action.effect === 'latest' || isClear(thrown)) await note(entry('idle', sentAtMs));
      throw thrown;
    }
    const reason = deps.redact(messageOf(thrown));
    await note(entry('refused', sentAtMs));
    await report(action, key, action.refused?.(event, reason, isoNow(deps.clock)) ?? [], deps);
    throw new PermanentError(`${action.title} for ${key} was refused: ${reason}`, {
      cause: thrown,
      told: action.tellsRefusal === true,
    });
  }
  await note(entry('sent', sentAtMs, effect));
  await report(action, key, action.results(event, effect), deps);
  await note(entry('done', sentAtMs, effect));
};

/** True when the failed send certainly had no effect. */
const isClear = (thrown: unknown): boolean => isCallFailed(thrown) && !thrown.ambiguous;

const isOlder = (event: ActionEvent, before: JournalEntry | undefined): boolean => {
  if (before === undefined) return false;
  if (before.state === 'done' && before.eventId === event.eventId) return true;
  return Date.parse(event.eventTime) < Date.parse(before.eventTime);
};

/** True when another event has asked for the same and was refused; the outside system would say the same again. */
const stillRefused = (event: ActionEvent, asked: string, before: JournalEntry | undefined): boolean =>
  before?.state === 'refused' && before.asked === asked && before.eventId !== event.eventId;

/** The effect as it is in the outside system; after an unclear send it is given time to appear. */
const present = async (
  action: Action,
  event: ActionEvent,
  before: JournalEntry | undefined,
  deps: ActionRunDeps,
): Promise<JsonObject | undefined> => {
  if (action.effect === 'once' && before?.state === 'sent' && before.effect !== undefined)
    return before.effect;
  const unclear = action.effect === 'once' && before?.state === 'sending';
  return lookUntil(action, event, unclear ? before.sentAtMs + deps.settleMs : 0, deps);
};

const lookUntil = async (
  action: Action,
  event: ActionEvent,
  untilMs: number,
  deps: ActionRunDeps,
): Promise<JsonObject | undefined> => {
  for (;;) {
    const found = await action.lookup(event);
    if (found !== undefined || deps.clock.now() >= untilMs) return found;
    await deps.sleep(Math.min(deps.lookMs, untilMs - deps.clock.now()));
  }
};

const send = async (action: Action, event: ActionEvent, deps: ActionRunDeps): Promise<JsonObject> => {
  try {
    return await action.send(event);
  } catch (thrown) {
    if (!isCallFailed(thrown) || !thrown.ambiguous || action.effect !== 'once') throw thrown;
    const found = await lookUntil(action, event, deps.clock.now() + deps.settleMs, deps);
    if (found !== undefined) return found;
    throw new TryAgain(`${messageOf(thrown)}; looked and found no effect`, { cause: thrown });
  }
};

const report = async (
  action: Action,
  key: string,
  results: readonly ActionResult[],
  deps: ActionRunDeps,
): Promise<void> => {
  const run = deps.newRun();
  for (const [index, { resource, record }] of results.entries()) {
    const batch = { run, batch: index + 1, source: deps.instance, resource, records: [record] };
    const outcome = await deps.submit(batch);
    const refused = outcome.outcomes.find(({ status }) => status === 'rejected');
    if (refused === undefined) continue;
    const why = (refused.faults ?? []).map(({ path, message }) => `${path} ${message}`.trim()).join('; ');
    throw new PermanentError(`${action.title} for ${key} worked, but ${resource} refused the result: ${why}`);
  }
};
