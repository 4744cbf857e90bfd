import { compareVersions, versionOf } from '@quotebridge/platform/core';

/** Resources of TMF620 that are sold, or that decide what is paid. */
export type SoldKind = 'productOffering' | 'productOfferingPrice';

interface Sale {
  readonly during: readonly string[];
  /** In lower case, since states are free text: every offering and price that is read is looked at. */
  readonly isDuring: ReadonlySet<string>;
  readonly isBefore: ReadonlySet<string>;
}

const PREPARED = ['In Study', 'In Design', 'In Test', 'Rejected'];

const lowered = (states: readonly string[]): ReadonlySet<string> =>
  new Set(states.map((state) => state.toLowerCase()));

const sale = (during: readonly string[], before: readonly string[]): Sale => ({
  during,
  isDuring: lowered(during),
  isBefore: lowered(before),
});

/** States of the life cycle (TMF620 user guide) in which a version is sold, and those before; a price counts from Active on. */
const SALE: Readonly<Record<SoldKind, Sale>> = {
  productOffering: sale(['Launched'], [...PREPARED, 'Active']),
  productOfferingPrice: sale(['Active', 'Launched'], PREPARED),
};

/** What is looked at of a version. */
interface Version {
  readonly [attribute: string]: unknown;
}

const isIn = (states: ReadonlySet<string>, { lifecycleStatus }: Version): boolean =>
  states.has(String(lifecycleStatus).toLowerCase());

/** Is the version prepared or refused, so that the one before it may still be sold? */
export const isBeforeSale = (kind: SoldKind, version: Version): boolean => isIn(SALE[kind].isBefore, version);

/** States in which a version is sold. */
export const statesOnSale = (kind: SoldKind): readonly string[] => SALE[kind].during;

/** The highest of the versions that are on sale; undefined when none is. */
export const onSale = <T extends Version>(kind: SoldKind, versions: readonly T[]): T | undefined =>
  versions
    .filter((version) => isIn(SALE[kind].isDuring, version))
    .sort((a, b) => compareVersions(versionOf(b), versionOf(a)))[0];
