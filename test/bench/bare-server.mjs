// The thing to compare with: Fastify and the MongoDB driver, the same reads and inserts on the same indexes, and
// nothing else. Settings: PORT, MONGODB_URI, DATABASE, COLLECTION, COUNT_CAP.
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import mongoose from 'mongoose';

const { PORT, MONGODB_URI, DATABASE, COLLECTION, COUNT_CAP } = process.env;
const client = await new mongoose.mongo.MongoClient(MONGODB_URI, {
  maxPoolSize: 50,
  writeConcern: { w: 'majority', journal: true },
}).connect();
const collection = client.db(DATABASE).collection(COLLECTION);

const shown = ({ _id, ...document }) => ({ id: _id, ...document });
const listed = async (reply, found, total) => {
  const [documents, count] = await Promise.all([found.toArray(), total]);
  reply.header('X-Total-Count', String(count));
  return documents.map(shown);
};

const app = Fastify({ logger: false, bodyLimit: 10_485_760 });

app.get('/get/:id', async ({ params: { id } }, reply) => {
  const found = await collection.findOne({ _id: id });
  if (found === null) return reply.code(404).send();
  return shown(found);
});

app.get('/list', (_request, reply) =>
  listed(reply, collection.find().sort({ _id: 1 }).limit(10), collection.estimatedDocumentCount()),
);

const filter = { lifecycleStatus: 'Launched' };
const hint = 'lifecycleStatus_1__id_1';
app.get('/filter', (_request, reply) =>
  listed(
    reply,
    collection.find(filter, { hint }).sort({ _id: 1 }).skip(500).limit(10),
    collection.countDocuments(filter, { hint, limit: Number(COUNT_CAP) + 1 }),
  ),
);

app.post('/post', async ({ body }, reply) => {
  const document = { _id: randomUUID(), ...body };
  await collection.insertOne(document);
  return reply.code(201).send(shown(document));
});

app.get('/health/ready', async () => ({ status: 'ok' }));

const end = async () => {
  await app.close();
  await client.close();
  process.exit(0);
};
process.once('SIGTERM', end);
process.once('SIGINT', end);
await app.listen({ host: '127.0.0.1', port: Number(PORT) });
