import { isJsonObject, Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import type { ApiOperation, BusinessVersion } from '../api/operation';
import { objectOf, refusalOf, type ComponentClient } from '../component-client';
import { CUSTOMER_SCHEMAS, customerV1, customerV2 } from './customer-view';

const PATH = '/tmf-api/customer/v5/customer';

/** Finds the customer with this id or, where one has it, with this id in another system. */
const findCustomer = async (client: ComponentClient, id: string, trace?: Context): Promise<JsonObject> => {
  const traced = trace === undefined ? {} : { trace };
  const byId = await client.call({
    method: 'GET',
    path: `${PATH}/${encodeURIComponent(id)}`,
    route: `${PATH}/{id}`,
    ...traced,
  });
  if (byId.status === 200) return objectOf(byId);
  if (byId.status !== 404 && byId.status !== 400) throw refusalOf(byId);
  const path = `${PATH}?externalIdentifier.id=${encodeURIComponent(id)}&limit=2`;
  const { status, body } = await client.call({ method: 'GET', path, route: PATH, ...traced });
  const found = status < 300 && Array.isArray(body) ? body.filter(isJsonObject) : [];
  const [customer] = found;
  if (customer && found.length === 1) return customer;
  const named = id.slice(0, 200);
  throw customer
    ? new Refusal(409, 'ambiguousCustomer', `Several customers have the number ${named}; ask by id`)
    : new Refusal(404, 'notFound', `There is no customer with the id or number ${named}`);
};

/** `GET /customers/{id}`. */
export const customerOperations = (
  client: ComponentClient,
  version: BusinessVersion,
): readonly ApiOperation[] => [
  {
    id: 'readCustomer',
    method: 'GET',
    path: '/customers/{id}',
    summary: 'Reads a customer by its id or by its number in the ERP.',
    scope: ['customer', 'read'],
    answers: { 200: ['The customer.', CUSTOMER_SCHEMAS[version]] },
    handle: async ({ id, trace, note }) => {
      const customer = await findCustomer(client, id, trace);
      const view = (version === 'v1' ? customerV1 : customerV2)(customer);
      note({ customerId: String(view['cust_id']) });
      return { status: 200, body: view };
    },
  },
];
