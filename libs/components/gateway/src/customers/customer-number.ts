import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';

/** What a customer of any system is called by where his number is kept. */
const NUMBERED = 'customer';

/**
 * The number of a TMF629 customer in the ERP (connector instance `erp`): what that says, else what another system says it
 * is, else the first identifier that he has anywhere. Undefined for one that is known only here.
 */
export const numberOf = (customer: JsonObject, erp: string): string | undefined => {
  const { externalIdentifier: list } = customer;
  const all = Array.isArray(list) ? list.filter(isJsonObject) : [];
  const found =
    all.find(({ owner }) => owner === erp) ??
    all.find(({ externalIdentifierType }) => externalIdentifierType === NUMBERED) ??
    all[0];
  return typeof found?.['id'] === 'string' ? found['id'] : undefined;
};
