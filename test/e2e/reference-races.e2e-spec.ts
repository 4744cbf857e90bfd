import { customerComponent, customerSettings } from '@quotebridge/components/customer';
import { productInventory, productInventorySettings } from '@quotebridge/components/product-inventory';
import request from 'supertest';
import { startComponentSuite, type ComponentSuite } from './support/component-suite';

const ROUNDS = 40;
const AT_ONCE = 20;
const CUSTOMERS = '/tmf-api/customer/v5/customer';
const PARTIES = '/tmf-api/partyManagement/v5';
const PRODUCTS = '/tmf-api/productInventory/v5/product';
const CHECKED = '?checkReferences=true';

/** Writes that refer to something, and the removal of that. */
interface Case {
  readonly made: () => Promise<string>;
  readonly refer: (id: string) => Promise<number>;
  readonly path: string;
}

describe('a reference that is checked, and the removal of what it leads to, at the same moment', () => {
  let parties: ComponentSuite;
  let inventory: ComponentSuite;
  beforeAll(async () => {
    parties = await startComponentSuite(customerComponent, customerSettings);
    inventory = await startComponentSuite(productInventory, productInventorySettings);
  });
  afterAll(async () => {
    await inventory?.close();
    await parties?.close();
  });

  const at = (suite: ComponentSuite) => request(suite.component.url);
  const organization = async (): Promise<string> => {
    const body = { '@type': 'Organization', name: 'Weber' };
    return (await at(parties).post(`${PARTIES}/organization`).send(body).expect(201)).body.id as string;
  };
  const product = async (): Promise<string> =>
    (await at(inventory).post(PRODUCTS).send({ '@type': 'Product', name: 'Pump' }).expect(201)).body
      .id as string;

  const cases: Readonly<Record<string, Case>> = {
    'a customer that is an organization': {
      made: organization,
      path: `${PARTIES}/organization`,
      refer: async (id) => {
        const engagedParty = { '@type': 'PartyRef', '@referredType': 'Organization', id };
        const body = { '@type': 'Customer', name: 'Weber', engagedParty };
        return (await at(parties).post(`${CUSTOMERS}${CHECKED}`).send(body)).status;
      },
    },
    'an organization that gets a parent': {
      made: organization,
      path: `${PARTIES}/organization`,
      refer: async (id) => {
        const organizationParentRelationship = {
          '@type': 'OrganizationParentRelationship',
          organization: { '@type': 'OrganizationRef', id },
        };
        const child = `${PARTIES}/organization/${await organization()}`;
        const body = { '@type': 'Organization', organizationParentRelationship };
        return (await at(parties).patch(`${child}${CHECKED}`).send(body)).status;
      },
    },
    'a product that relies on another': {
      made: product,
      path: PRODUCTS,
      refer: async (id) => {
        const productRelationship = [{ '@type': 'ProductRelationship', relationshipType: 'reliesOn', id }];
        const body = { '@type': 'Product', name: 'Press', productRelationship };
        return (await at(inventory).post(`${PRODUCTS}${CHECKED}`).send(body)).status;
      },
    },
  };
  const caseOf = (name: string): Case & { readonly api: () => ReturnType<typeof request> } => {
    const found = cases[name];
    if (found === undefined) throw new Error(`There is no case ${name}.`);
    return { ...found, api: () => at(found.path === PRODUCTS ? inventory : parties) };
  };

  it.each(Object.keys(cases))('never both come about: %s', async (name) => {
    const { made, refer, path, api } = caseOf(name);
    const outcomes = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await made();
      const remove = async (): Promise<number> => (await api().delete(`${path}/${id}`)).status;
      const early = round % 2 === 0 ? undefined : remove();
      const referring = refer(id);
      const removed = await (early ?? remove());
      outcomes.add(`${(await referring) < 300 ? 'referred' : await referring} ${removed}`);
    }
    // One that lost finds the reference broken, or the other one in use.
    expect([...outcomes].filter((one) => one !== 'referred 409' && one !== '422 204')).toEqual([]);
  });

  it.each(Object.keys(cases))('many that refer to the same all come about: %s', async (name) => {
    const { made, refer, path, api } = caseOf(name);
    const id = await made();
    const before = (await api().get(`${path}/${id}`)).headers['etag'];
    const statuses = await Promise.all(Array.from({ length: AT_ONCE }, () => refer(id)));
    expect([...new Set(statuses.map((status) => status < 300))]).toEqual([true]);
    const after = await api().get(`${path}/${id}`);
    expect([after.headers['etag'], '_held' in after.body]).toEqual([before, false]);
  });
});
