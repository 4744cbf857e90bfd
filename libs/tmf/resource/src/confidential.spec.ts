import type { JsonObject } from '@quotebridge/platform/core';
import { LOCAL_PRINCIPAL, type Principal } from '@quotebridge/platform/security';
import {
  confidentialNames,
  hiddenFrom,
  keepConfidential,
  leadsInto,
  withoutAttributes,
} from './confidential';
import type { ResourceDefinition } from './definition';

const definition: ResourceDefinition = {
  api: 'TMF620',
  name: 'productSpecification',
  versions: {},
  operations: [],
  eventName: 'ProductSpecification',
  domain: 'ProductCatalog',
  indexes: [],
  confidential: { procurementCost: 'procurementCost' },
};
const who = (...scopes: string[]): Principal => ({ ...LOCAL_PRINCIPAL, scopes: new Set(scopes) });
const reader = who('*:read', '*:write');
const buyer = who('procurementCost:*');

describe('hiddenFrom', () => {
  it.each([
    ['a general scope', who('*:read'), ['procurementCost']],
    ['general scopes together', who('*:read', '*:write', '*:delete', '*:admin'), ['procurementCost']],
    ['a scope that names it', who('procurementCost:read'), []],
    ['a scope that names its beginning', who('procurement*:read'), []],
    ['a scope to write it only', who('procurementCost:write'), ['procurementCost']],
    ['everything', LOCAL_PRINCIPAL, []],
  ])('%s', (_title, principal, hidden) => {
    expect(hiddenFrom(definition, principal)).toEqual(hidden);
  });
});

describe('keepConfidential', () => {
  const before: JsonObject = { name: 'a', procurementCost: [1] };
  const write = (principal: Principal, after: JsonObject) => () =>
    keepConfidential(definition, principal, before, after);

  it('keeps what the client cannot see as it is', () => {
    expect(write(reader, { name: 'b' })()).toEqual({ name: 'b', procurementCost: [1] });
  });

  it('refuses a client that cannot see it to send it, right or wrong', () => {
    expect(write(reader, { name: 'b', procurementCost: [1] })).toThrow('procurementCost:write');
    expect(write(reader, { name: 'b', procurementCost: [2] })).toThrow('procurementCost:write');
  });

  it('lets who may write it change and remove it, and who may only read it send it back', () => {
    expect(write(buyer, { procurementCost: [2] })()).toEqual({ procurementCost: [2] });
    expect(write(buyer, { name: 'a' })()).toEqual({ name: 'a' });
    const looker = who('procurementCost:read');
    expect(write(looker, { procurementCost: [1] })()).toEqual({ procurementCost: [1] });
    expect(write(looker, { procurementCost: [2] })).toThrow('procurementCost:write');
    expect(write(looker, { name: 'a' })).toThrow('procurementCost:write');
  });
});

it('paths into it are told from paths that only look alike', () => {
  const names = confidentialNames(definition);
  const paths = ['procurementCost', 'procurementCost.price.value', 'procurementCosts', 'name'];
  expect(paths.map((path) => leadsInto(path, names))).toEqual([true, true, false, false]);
});

it('an object without it is not copied', () => {
  const view = { name: 'a' };
  expect(withoutAttributes(view, ['procurementCost'])).toBe(view);
  expect(withoutAttributes({ ...view, procurementCost: 1 }, ['procurementCost'])).toEqual(view);
});
