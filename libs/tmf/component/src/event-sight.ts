import type { Sight } from '@quotebridge/tmf/hub';
import type { GuardedItems, ResourceDefinition } from '@quotebridge/tmf/resource';

/** The resources whose readers see everything in the events of an API. */
export const guardingResources =
  (resources: readonly ResourceDefinition[]) =>
  (api: string): readonly string[] => {
    const guarding = resources.filter((definition) => definition.api === api);
    return [...new Set(guarding.flatMap(({ guardedItems }) => guardedItems?.resource ?? []))];
  };

/** The guarded parts that a subscriber is not sent: those that he could not read when he subscribed. */
export const hiddenPartsFrom = (
  { reads = [] }: Sight,
  { guardedItems }: ResourceDefinition,
): GuardedItems | undefined =>
  guardedItems === undefined || reads.includes(guardedItems.resource) ? undefined : guardedItems;
