import { endOf, isInForce, startOf, textAt, type JsonObject } from '@quotebridge/platform/core';
import { RELATIONS, relationsOf, validForOf, type Relation } from './relations';

/** Why a part fits or does not. */
export type FitCode =
  | 'compatible'
  | 'consumable'
  | 'notListed'
  | 'notYet'
  | 'noLonger'
  | 'otherSerialNumbers'
  | 'serialNumberNeeded'
  | 'obsolete';

/** One reason, for machines and for people. */
export interface FitReason {
  readonly code: FitCode;
  readonly message: string;
}

/** Whether a part fits a machine. */
export interface Fit {
  readonly fits: boolean;
  /** False when it fits but is not sold any more. */
  readonly isAvailable: boolean;
  readonly reasons: readonly FitReason[];
}

/** The machine that the part is for. */
export interface Machine {
  /** Id of its model: a product specification. */
  readonly model: string;
  readonly serialNumber?: string;
}

const OUT_OF_SALE = new Set(['Retired', 'Obsolete', 'Rejected']);

const reason = (code: FitCode, message: string): FitReason => ({ code, message });

const inOrder = (a: string, b: string): boolean =>
  a.localeCompare(b, 'en', { numeric: true, sensitivity: 'base' }) <= 0;

const serialReason = ({ characteristics }: Relation, serial: string | undefined): FitReason | undefined => {
  const from = characteristics['serialNumberFrom'];
  const to = characteristics['serialNumberTo'];
  const [first, last] = [from, to].map((end) => (end === undefined ? undefined : String(end)));
  if (first === undefined && last === undefined) return undefined;
  const range = `${first ?? 'the first'} to ${last ?? 'the last'}`;
  if (serial === undefined)
    return reason('serialNumberNeeded', `It fits the serial numbers from ${range} only; which one is it?`);
  const isWithin =
    (first === undefined || inOrder(first, serial)) && (last === undefined || inOrder(serial, last));
  return isWithin
    ? undefined
    : reason('otherSerialNumbers', `It fits the serial numbers from ${range}, not ${serial}`);
};

const linkReason = (link: Relation, { serialNumber }: Machine, at: number): FitReason => {
  const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
  if (at < startOf(link.validFor))
    return reason('notYet', `It fits the model from ${day(startOf(link.validFor))} on`);
  if (!isInForce(link.validFor, at))
    return reason('noLonger', `It fitted the model until ${day(endOf(link.validFor))}`);
  return (
    serialReason(link, serialNumber) ??
    (link.type === RELATIONS.consumableFor
      ? reason('consumable', 'It is a consumable of the model')
      : reason('compatible', 'It is listed for the model'))
  );
};

const isGood = ({ code }: FitReason): boolean => code === 'compatible' || code === 'consumable';

/**
 * Whether a part (a TMF620 product specification) fits a machine at a time, by its links `compatibleWith` and
 * `consumableFor`. One link that fits is enough; when none does, each says why.
 */
export const fitOf = (part: JsonObject, machine: Machine, at: number): Fit => {
  const links = relationsOf(part, RELATIONS.compatibleWith, RELATIONS.consumableFor).filter(
    ({ id }) => id === machine.model,
  );
  const found = links.map((link) => linkReason(link, machine, at));
  const good = found.filter(isGood);
  const status = textAt(part, 'lifecycleStatus') ?? '';
  const isObsolete = OUT_OF_SALE.has(status) || !isInForce(validForOf(part), at);
  const reasons =
    links.length === 0
      ? [reason('notListed', 'It is not listed for the model')]
      : good.length > 0
        ? good.slice(0, 1)
        : found;
  return {
    fits: good.length > 0,
    isAvailable: !isObsolete,
    reasons: isObsolete
      ? [...reasons, reason('obsolete', `It is not sold any more${status === '' ? '' : ` (${status})`}`)]
      : reasons,
  };
};
