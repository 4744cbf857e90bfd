import { objectsAt, type JsonObject } from '@quotebridge/platform/core';
import type { Clerk } from '../../../apps/standalone/src/clerk';
import { callObject } from '../../../apps/standalone/src/http';
import { envelopesInStream, eventually } from '../../e2e/support';
import { numberOf } from './deal';
import { COMPONENTS, SUITE_WITHIN, type PodSuite } from './suite';
import { trafficFaults, type Acknowledged, type Changed } from './traffic-faults';

const CONNECTORS = ['erp', 'crm'];
/** The database of each kind of resource that clients change. */
const DATABASES: Readonly<Record<Changed, string>> = {
  category: 'product-catalog',
  quote: 'quote',
  productOrder: 'product-order',
};
export const CHANGED: readonly Changed[] = ['category', 'quote', 'productOrder'];

/** The versions of all that runs: of the images of the pods, and as processes answer. */
export const runningVersions = async (suite: PodSuite): Promise<readonly string[]> => {
  const parts = [...COMPONENTS, 'operator', ...CONNECTORS.map((name) => `connector/${name}`)];
  const images = (await Promise.all(parts.map((part) => suite.images(part)))).flat();
  const services: readonly (readonly [string, number])[] = [
    ...COMPONENTS.map((name) => [`deals-${name}`, 8_080] as const),
    ...CONNECTORS.map((name) => [`${name}-connector`, 8_090] as const),
  ];
  const answers = services.map(async ([service, port]) =>
    String((await callObject(`${await suite.url(service, port)}/health/live`, {}))['version']),
  );
  const tags = images.map((image) => image.slice(image.lastIndexOf(':') + 1));
  return [...new Set([...tags, ...(await Promise.all(answers))])];
};

/** What the next version has made of what was stored: its migration, how many documents it changed, and its index. */
export const migratedBy = async (
  suite: PodSuite,
): Promise<{ readonly name: string; readonly categories: number; readonly isIndexed: boolean }> => {
  const { client } = await suite.primary();
  try {
    const db = client.db(DATABASES.category);
    const note = await eventually(
      'the migration to have changed something',
      async () =>
        (await db
          .collection<{ _id: string; changed: number }>('migrations')
          .findOne({ changed: { $gt: 0 } })) ?? undefined,
      SUITE_WITHIN,
    );
    const indexes = await db.collection('category').indexes();
    const isIndexed = indexes.some(({ key }) => '_search' in key);
    return { name: note._id, categories: note.changed, isIndexed };
  } finally {
    await client.close();
  }
};

const madeByClients = async (suite: PodSuite, of: Changed): Promise<readonly JsonObject[]> => {
  const { client } = await suite.primary();
  const collection = client.db(DATABASES[of]).collection<JsonObject & { _id: string }>(of);
  return collection
    .find({ description: /^traffic / })
    .toArray()
    .finally(() => client.close());
};
const quoteOf = (order: JsonObject): unknown => objectsAt(order, 'quote')[0]?.['id'];

/** What is wrong between the documents of clients, events, and what they were told; empty when nothing is lost or doubled. */
export const trafficFaultsIn = async (
  suite: PodSuite,
  acknowledged: readonly Acknowledged[],
): Promise<readonly string[]> => {
  const envelopes = await envelopesInStream(await suite.broker());
  const faults: string[] = [];
  for (const of of CHANGED) {
    const documents = await madeByClients(suite, of);
    // An order that follows a quote has its description, and is none that a client placed.
    const placed = documents.filter((one) => of !== 'productOrder' || quoteOf(one) === undefined);
    faults.push(...trafficFaults(of, placed, envelopes, acknowledged));
  }
  return faults;
};

/** Quotes without one order of theirs, and orders without one sales order of theirs, when all have had their time. */
export const dealFaults = async (
  suite: PodSuite,
  clerk: Clerk,
  { accepted }: { readonly accepted: readonly string[] },
): Promise<readonly string[]> => {
  let orders: readonly JsonObject[] = [];
  const isDone = async (): Promise<boolean> => {
    orders = await madeByClients(suite, 'productOrder');
    const quoted = new Set(orders.map(quoteOf));
    return accepted.every((id) => quoted.has(id)) && orders.every((one) => numberOf(one) !== undefined);
  };
  const isWaiting = await eventually('all orders to be in the ERP', isDone, SUITE_WITHIN / 2).then(
    () => [],
    (error: unknown) => [String(error)],
  );
  const faults: string[] = [...isWaiting];
  for (const id of accepted) {
    const count = orders.filter((one) => quoteOf(one) === id).length;
    if (count !== 1) faults.push(`quote ${id}: ${count} orders`);
  }
  for (const { _id } of orders) {
    const count = (await clerk.ordersFor(String(_id))).length;
    if (count !== 1) faults.push(`order ${String(_id)}: ${count} sales orders in the ERP`);
  }
  return faults;
};
