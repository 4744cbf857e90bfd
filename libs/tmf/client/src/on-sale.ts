import { compareVersions, versionOf } from '@quotebridge/platform/core';

/** Resources of TMF620 that are sold, or that decide what is paid. */
export type SoldKind = 'productOffering' | 'productOfferingPrice';

interface Sale {
  readonly during: readonly string[];
  readonly before: readonly string[];
}

const PREPARED = ['In Study', 'In Design', 'In Test', 'Rejected'];

/** States of the life cycle (TMF620 user guide) in which a version is sold, and those before; a price counts from Active on. */
const SALE: Readonly<Record<SoldKind, Sale>> = {
  productOffering: { during: ['Launched'], before: [...PREPARED, 'Active'] },
  productOfferingPrice: { during: ['Active', 'Launched'], before: PREPARED },
};

/** What is looked at of a version. */
interface Version {
  readonly [attribute: string]: unknown;
}

const isIn = (states: readonly string[], { lifecycleStatus }: Version): boolean => {
  const state = String(lifecycleStatus).toLowerCase();
  return states.some((one) => one.toLowerCase() === state);
};

/** Is the version prepared or refused, so that the one before it may still be sold? */
export const isBeforeSale = (kind: SoldKind, version: Version): boolean => isIn(SALE[kind].before, version);

/** States in which a version is sold. */
export const statesOnSale = (kind: SoldKind): readonly string[] => SALE[kind].during;

/** The highest of the versions that are on sale; undefined when none is. */
export const onSale = <T extends Version>(kind: SoldKind, versions: readonly T[]): T | undefined =>
  versions
    .filter((version) => isIn(SALE[kind].during, version))
    .sort((a, b) => compareVersions(versionOf(b), versionOf(a)))[0];
