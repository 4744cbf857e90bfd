import type { JsonObject } from '@quotebridge/platform/core';
import { textAt } from '@quotebridge/connectors/sdk';
import { expanded, expandedOne } from '../odata-values';
import type { S4Settings } from '../settings';

/** The sales area whose data of customers count. */
export type Area = Pick<S4Settings, 'salesOrganization' | 'distributionChannel' | 'division'>;

/** True for a row of our sales area. */
export const inArea = (row: JsonObject, area: Area): boolean =>
  textAt(row, 'SalesOrganization') === area.salesOrganization &&
  textAt(row, 'DistributionChannel') === area.distributionChannel &&
  textAt(row, 'Division') === area.division;

/** The customers that play a part for this one in our sales area, by partner function. */
export const functionsOf = (partner: JsonObject, area: Area): readonly (readonly [string, string])[] =>
  expanded(expandedOne(partner, 'to_Customer') ?? {}, 'to_PartnerFunction')
    .filter((row) => inArea(row, area))
    .flatMap((row) => {
      const [name, other] = [textAt(row, 'PartnerFunction'), textAt(row, 'BPCustomerNumber')];
      return name === undefined || other === undefined ? [] : [[name, other] as const];
    });

/** Number of the customer above this one; none for the head of a group. */
export const customerAbove = (partner: JsonObject, settings: S4Settings): string | undefined => {
  const above = functionsOf(partner, settings).find(([name]) => name === settings.parentFunction)?.[1];
  return above === textAt(partner, 'Customer') ? undefined : above;
};
