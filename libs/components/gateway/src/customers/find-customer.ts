import { isJsonObject, Refusal, type JsonObject } from '@quotebridge/platform/core';
import { exactly, objectOf, refusalOf, type CallTerms, type ComponentClient } from '../component-client';

const PATH = '/tmf-api/customer/v5/customer';

/**
 * Finds the customer with this id or, where one has it, with this id in another system. Throws 404 when there is none and
 * 409 when there are several.
 */
export const findCustomer = async (
  client: Pick<ComponentClient, 'call'>,
  id: string,
  how: CallTerms,
): Promise<JsonObject> => {
  const byId = await client.call({
    method: 'GET',
    path: `${PATH}/${encodeURIComponent(id)}`,
    route: `${PATH}/{id}`,
    ...how,
  });
  if (byId.status === 200) return objectOf(byId);
  if (byId.status !== 404 && byId.status !== 400) throw refusalOf(byId);
  const path = `${PATH}?externalIdentifier.id=${encodeURIComponent(exactly(id))}&limit=2`;
  const { status, body } = await client.call({ method: 'GET', path, route: PATH, ...how });
  const found = status < 300 && Array.isArray(body) ? body.filter(isJsonObject) : [];
  const [customer] = found;
  if (customer && found.length === 1) return customer;
  const named = id.slice(0, 200);
  throw customer
    ? new Refusal(409, 'ambiguousCustomer', `Several customers have the number ${named}; ask by id`)
    : new Refusal(404, 'notFound', `There is no customer with the id or number ${named}`);
};
