// Puts the data in place: a few resources are made by the component itself, so that they are stored as it stores
// them, and then copied until there are enough. The bare server gets a copy with the same indexes.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { root } from '../../tools/lib/paths.mjs';
import { categoryBody, copyOf, offeringBody, priceBodies, specificationBody } from './documents.mjs';

const BATCH = 1_000;
const SAMPLE = 4_096;
const TEMPLATES = 10;
/** Of the ten templates of an offering six are on the market: a filter on them meets 60 % of the documents. */
const LAUNCHED = 6;
const SELLABLE = 200;
const PUBLISHED_WITHIN = 60_000;
const OUTBOX_INDEX = 'outbox_pending';
const CATALOG = '/tmf-api/productCatalogManagement/v5';

/** A connection to the database server of a run. */
export const openDatabase = (uri) => new mongoose.mongo.MongoClient(uri).connect();

/** Makes an API key that every component of the run accepts, and gives it. */
export const makeApiKey = async (client, databases) => {
  const require = createRequire(import.meta.url);
  const security = require(join(root, 'dist/libs/platform/security/src/index.js'));
  const { ACCESS_DATABASE, API_KEY_COLLECTION, DEFAULT_ROLES, createApiKey, mongoApiKeyStore } = security;
  const store = mongoApiKeyStore(client.db(ACCESS_DATABASE).collection(API_KEY_COLLECTION));
  const wanted = { name: 'bench', role: 'integrator' };
  const { key } = await createApiKey(wanted, {
    store,
    roles: DEFAULT_ROLES,
    clock: { now: () => Date.now() },
  });
  const records = await client.db(ACCESS_DATABASE).collection(API_KEY_COLLECTION).find().toArray();
  for (const name of databases) await client.db(name).collection(API_KEY_COLLECTION).insertMany(records);
  return key;
};

/** Sends a body and gives the answer's; anything but 2xx is an error. */
export const postTo = async (url, headers, body) => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST ${url} answered ${answer.status}: ${text.slice(0, 1_000)}`);
  return JSON.parse(text);
};

/** Waits until no document of the collection has a pending event. */
export const untilPublished = async (collection) => {
  const end = performance.now() + PUBLISHED_WITHIN;
  const pending = () =>
    collection.findOne({ '_outbox.at': { $exists: true } }, { hint: OUTBOX_INDEX, projection: { _id: 1 } });
  while ((await pending()) !== null) {
    if (performance.now() > end) throw new Error(`${collection.namespace} still has unpublished events`);
    await sleep(50);
  }
};

const fill = async (collection, size) => {
  const templates = await collection.find().limit(TEMPLATES).toArray();
  let stored = templates.length;
  while (stored < size) {
    const count = Math.min(BATCH, size - stored);
    const documents = Array.from({ length: count }, (_, index) =>
      copyOf(templates[(stored + index) % templates.length], stored + index),
    );
    await collection.insertMany(documents, { ordered: false, writeConcern: { w: 1, journal: false } });
    stored += count;
  }
};

/** Gives the bare server its own copy of a collection, with the same indexes but the one for pending events. */
export const copyForBare = async (client, from, database) => {
  await from.aggregate([{ $out: { db: database, coll: from.collectionName } }]).toArray();
  const target = client.db(database).collection(from.collectionName);
  const wanted = (await from.indexes()).filter(({ name }) => name !== '_id_' && name !== OUTBOX_INDEX);
  if (wanted.length > 0) await target.createIndexes(wanted);
};

/** Fills the catalog. Gives what the requests need: ids to read, what to refer to and what can be sold. */
export const seedCatalog = async (url, headers, collection, size) => {
  const base = `${url}${CATALOG}`;
  const made = async (resource, bodies) => {
    const ids = [];
    for (const body of bodies) ids.push((await postTo(`${base}/${resource}`, headers, body)).id);
    return ids;
  };
  const [specification] = await made('productSpecification', [specificationBody()]);
  const prices = await made('productOfferingPrice', priceBodies());
  const categories = await made('category', [0, 1, 2, 3].map(categoryBody));
  const parts = { specification, prices, categories };
  for (let number = 0; number < TEMPLATES; number += 1) {
    const status = number < LAUNCHED ? 'Launched' : 'In Study';
    await postTo(`${base}/productOffering`, headers, offeringBody(number, status, parts));
  }
  await untilPublished(collection);
  await fill(collection, size);
  const idsOf = async (filter, count) =>
    (
      await collection
        .find(filter, { projection: { _id: 1 } })
        .sort({ _id: 1 })
        .limit(count)
        .toArray()
    ).map(({ _id }) => _id);
  return {
    ...parts,
    ids: await idsOf({}, SAMPLE),
    launched: await idsOf({ lifecycleStatus: 'Launched' }, SELLABLE),
  };
};

/** Fills the collection of another component. Gives what became of the first bodies: the whole documents, without ids. */
export const seedCopies = async (url, headers, collection, size, make) => {
  const whole = [];
  for (let number = 0; number < TEMPLATES; number += 1) {
    const document = await postTo(url, headers, make(number));
    delete document.id;
    delete document.href;
    whole.push(document);
  }
  await untilPublished(collection);
  await fill(collection, size);
  return whole;
};
