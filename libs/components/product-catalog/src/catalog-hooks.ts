import { Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { Runtime } from '@quotebridge/tmf/component';
import type { HookContext, ResourceHooks } from '@quotebridge/tmf/resource';
import { isDeepStrictEqual } from 'node:util';
import { LAUNCH_RULES } from './launch-rules';
import { endedBy, isLaunch } from './lifecycle';
import { brokenReferences, LINKS, REFERENCES, referencesOf, refuseBroken } from './references';
import { targetReader } from './targets';
import { launchedUser } from './users';

const refuseUnlaunchable = (name: string, resource: JsonObject): void => {
  const faults = LAUNCH_RULES[name]?.(resource) ?? [];
  const [first] = faults;
  if (first) throw new Refusal(409, 'notLaunchable', `${first.path} ${first.message}`, { faults });
};

const refuseEnded = (resource: JsonObject, now: number): void => {
  const reason = endedBy(resource, now);
  if (reason === undefined) return;
  const faults = [{ path: '/validFor/endDateTime', message: reason, code: 'notLaunchable' }];
  throw new Refusal(409, 'notLaunchable', reason, { faults });
};

/** What decides, beside its references, whether something could be launched. */
const LAUNCHED_WITH = ['isBundle', 'price', 'priceType', 'percentage', 'pricingLogicAlgorithm'];

/** True when a launched resource gets other references, or turns into a bundle or back. */
const isRebuilt = (name: string, before: JsonObject | undefined, after: JsonObject): boolean =>
  after['lifecycleStatus'] === 'Launched' &&
  [...Object.keys(REFERENCES[name] ?? {}), ...LAUNCHED_WITH].some(
    (attribute) => !isDeepStrictEqual(before?.[attribute], after[attribute]),
  );

/** Name of the lock of everything that ties what is sold to what it refers to. */
export const LAUNCH_LOCK = 'launch';

/**
 * Launches, and the end of what a launched entity may refer to, run one after another: otherwise each could look
 * before the other one has written. Removals always take the lock.
 */
export const launchLock =
  (name: string) =>
  (before: JsonObject | undefined, after: JsonObject): string | undefined => {
    const isSold = isLaunch(before, after) || isRebuilt(name, before, after);
    const isTied = isSold && referencesOf(name, after).length > 0;
    return isTied || isEnd(before, after) ? LAUNCH_LOCK : undefined;
  };

const isEnd = (before: JsonObject | undefined, after: JsonObject): boolean =>
  after['lifecycleStatus'] === 'Obsolete' && before?.['lifecycleStatus'] !== 'Obsolete';

/** What holds for the entities of a catalog beyond their schema: what can be launched, and what is in use. */
export const catalogHooks = (name: string, runtime: Runtime): ResourceHooks => {
  const check = async (
    before: JsonObject | undefined,
    after: JsonObject,
    context: HookContext,
  ): Promise<JsonObject> => {
    const launch = isLaunch(before, after);
    const sold = launch || isRebuilt(name, before, after);
    if (launch) refuseEnded(after, context.clock.now());
    if (sold) refuseUnlaunchable(name, after);
    if (sold || context.checkReferences) {
      const later = context.origin === 'ingest' ? LINKS : undefined;
      const reader = targetReader(runtime, context.session);
      refuseBroken(await brokenReferences(name, after, reader, sold, later));
    }
    return after;
  };
  const refuseUsed = async (resource: JsonObject, context: HookContext): Promise<void> => {
    const user = await launchedUser(name, resource, context, runtime);
    if (user === undefined) return;
    throw new Refusal(409, 'inUse', `The launched ${user} refers to it; retire that first`);
  };
  return {
    prepareCreate: (draft, context) => check(undefined, draft, context),
    prepareChange: async (before, after, context) => {
      if (isEnd(before, after)) await refuseUsed(before, context);
      return check(before, after, context);
    },
    beforeRemove: refuseUsed,
  };
};
