import type { AutoRestart } from './connector';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Health that lasts this long wipes the slate. */
const HEALTHY_FOR = 10 * MINUTE;

/** Minutes between restarts grow as n²+n: 2, 6, 12, 20, 30, 42, 56, and an hour from then on. In milliseconds. */
export const restartWaitMs = (restart: number): number =>
  Math.min(HOUR, (restart * restart + restart) * MINUTE);

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * What is remembered, with the restart that the pods know of: whoever ordered it may have been killed before it was
 * written down, and would order it again.
 */
export const withRestart = (
  state: AutoRestart | undefined,
  restartedAt: string | undefined,
): AutoRestart | undefined => {
  if (state?.failingSince === undefined || restartedAt === undefined) return state;
  const known = Math.max(Date.parse(state.failingSince), Date.parse(state.lastTime ?? state.failingSince));
  return Date.parse(restartedAt) > known
    ? { ...state, count: state.count + 1, lastTime: restartedAt }
    : state;
};

/** What {@link planRestart} found: what to remember, whether to restart now, and when to look again. */
export interface RestartPlan {
  readonly state: AutoRestart | undefined;
  readonly restart: boolean;
  readonly lookAgainMs?: number;
}

/**
 * Whether a connector that fails is to be restarted now. `failing` undefined: there is nothing to judge, for example
 * because it is paused; what was remembered stays.
 */
export const planRestart = (
  before: AutoRestart | undefined,
  failing: boolean | undefined,
  now: number,
): RestartPlan => {
  if (failing === undefined) return { state: before, restart: false };
  if (!failing) {
    if (before === undefined) return { state: undefined, restart: false };
    const since = before.healthySince === undefined ? now : Date.parse(before.healthySince);
    const left = since + HEALTHY_FOR - now;
    if (left <= 0 || before.count === 0) return { state: undefined, restart: false };
    const { failingSince: _gone, ...kept } = before;
    return { state: { ...kept, healthySince: iso(since) }, restart: false, lookAgainMs: left };
  }
  const { healthySince: _gone, ...kept } = before ?? { count: 0 };
  const since = kept.failingSince ?? iso(now);
  const from = Math.max(Date.parse(since), kept.lastTime === undefined ? 0 : Date.parse(kept.lastTime));
  const left = from + restartWaitMs(kept.count + 1) - now;
  if (left > 0) return { state: { ...kept, failingSince: since }, restart: false, lookAgainMs: left };
  const count = kept.count + 1;
  return {
    state: { count, failingSince: since, lastTime: iso(now) },
    restart: true,
    lookAgainMs: restartWaitMs(count + 1),
  };
};
