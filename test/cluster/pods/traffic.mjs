// Clients of the suite inside a cluster, for the tests of pods. They create, change and read categories, take quotes to their
// acceptance and place orders until POST /stop; it and GET / answer with what was sent, what failed, and what was
// acknowledged. Nothing is repeated: a request that fails counts as lost. Settings: TARGETS (JSON: base address of an API by the
// resource it is for, those of `category`, `quote`, `productOrder` that are to be used), BODIES (JSON: what quotes and orders
// begin with), API_KEY.
import { lookup as lookUp } from 'node:dns';
import { Agent, createServer, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const PORT = 9000;
// Far more than any answer takes, on a busy machine as well.
const ANSWER_WITHIN = 120_000;
// A server that ends closes connections that nobody uses for five seconds, and a client that had no processor for a while
// does not hear of it in time (RFC 9112, 9.3.1).
const IDLE_AT_MOST = 2_000;
const CHANGES = { category: 4, quote: 2, productOrder: 3 };

const API_KEY = process.env.API_KEY;
const targets = JSON.parse(process.env.TARGETS);
const bodies = JSON.parse(process.env.BODIES ?? '{}');
const report = { sent: 0, failed: [], acknowledged: [], accepted: [] };
let running = true;

// The address of a Service stays what it is. It is asked for until it is known, and then no more: the name service of a busy
// node may be late, which is no fault of whom the clients use.
const known = new Map();
const lookup = (host, options, done) => {
  const answer = (address) => (options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4));
  if (known.has(host)) return answer(known.get(host));
  return lookUp(host, { family: 4 }, (error, address) => {
    if (error !== null) return done(error);
    known.set(host, address);
    return answer(address);
  });
};

const ask = (agent, method, url, body) =>
  new Promise((done, fail) => {
    const headers = { 'x-api-key': API_KEY };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const call = request(url, { method, agent, headers, lookup, timeout: ANSWER_WITHIN }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (more) => (text += more));
      answer.on('error', fail);
      answer.on('end', () => done({ status: answer.statusCode, text }));
    });
    call.on('error', fail);
    call.on('timeout', () => call.destroy(new Error(`no answer within ${ANSWER_WITHIN} ms`)));
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });

/** A client of one API: what it is told by each answer, after which it waits; undefined when it is not what was asked for. */
const clientOf = (of, { keepAlive, pace }) => {
  const agent = new Agent({ keepAlive, maxSockets: 1 });
  let used = performance.now();
  const send = async (method, path, body) => {
    report.sent += 1;
    if (performance.now() - used > IDLE_AT_MOST) agent.destroy();
    const at = new Date().toISOString();
    const told = (what) => void report.failed.push(`${at} ${method} ${path}: ${what}`);
    try {
      const { status, text } = await ask(agent, method, `${targets[of]}${path}`, body);
      if (status < 300) return JSON.parse(text);
      return told(`${status} ${text.slice(0, 300)}`);
    } catch (error) {
      return told(`${error.code ?? ''} ${error.message}`);
    } finally {
      used = performance.now();
      await sleep(pace);
    }
  };
  return { send, end: () => agent.destroy() };
};

/** Makes a resource and changes its description step by step; gives its path. */
const change = async ({ send }, of, name, body) => {
  const made = await send('POST', `/${of}`, { ...body, description: `${name} 0` });
  if (made === undefined) return undefined;
  const { id } = made;
  report.acknowledged.push({ of, id, kind: 'create', step: 0 });
  for (let step = 1; running && step <= CHANGES[of]; step += 1) {
    const type = body['@type'] === undefined ? {} : { '@type': body['@type'] };
    const changed = await send('PATCH', `/${of}/${id}`, { ...type, description: `${name} ${step}` });
    if (changed !== undefined) report.acknowledged.push({ of, id, kind: 'patch', step });
  }
  return `/${of}/${id}`;
};

const category = async (client, name) => {
  const path = await change(client, 'category', name, { name });
  if (path !== undefined) await client.send('GET', path);
};

const productOrder = async (client, name) => {
  const path = await change(client, 'productOrder', name, bodies.productOrder);
  if (path !== undefined) await client.send('GET', path);
};

const quote = async (client, name) => {
  const path = await change(client, 'quote', name, bodies.quote);
  let now = path === undefined ? undefined : await client.send('GET', path);
  while (running && now !== undefined && !now.quoteTotalPrice?.length) now = await client.send('GET', path);
  const move = (more) => client.send('PATCH', path, { '@type': 'Quote', ...more });
  if (!running || now === undefined) return;
  const asked = (now.authorization ?? []).map((one) => ({ ...one, state: 'approved' }));
  if (asked.length > 0) await move({ authorization: asked });
  await move({ state: 'approved' });
  if ((await move({ state: 'accepted' })) !== undefined) report.accepted.push(now.id);
};

// Connections that are kept and always in use, kept and mostly idle, and new ones for each request.
const CLIENTS = [
  { of: 'category', round: category, keepAlive: true, pace: 30 },
  { of: 'category', round: category, keepAlive: true, pace: 50 },
  { of: 'category', round: category, keepAlive: true, pace: 80 },
  { of: 'category', round: category, keepAlive: true, pace: 1_700 },
  { of: 'category', round: category, keepAlive: false, pace: 60 },
  { of: 'category', round: category, keepAlive: false, pace: 90 },
  { of: 'quote', round: quote, keepAlive: true, pace: 250 },
  { of: 'quote', round: quote, keepAlive: true, pace: 1_700 },
  { of: 'quote', round: quote, keepAlive: false, pace: 400 },
  // Each of them goes to the ERP, so there are fewer.
  { of: 'productOrder', round: productOrder, keepAlive: true, pace: 600 },
  { of: 'productOrder', round: productOrder, keepAlive: true, pace: 1_700 },
  { of: 'productOrder', round: productOrder, keepAlive: false, pace: 900 },
];

const work = async ({ of, round, ...how }, number) => {
  const client = clientOf(of, how);
  for (let made = 0; running; made += 1) await round(client, `traffic ${number}-${made}`);
  client.end();
};

// The network lets a new pod through only when it knows it; what comes before is no request of a client.
const untilReachable = async (of) => {
  const agent = new Agent();
  const look = () => ask(agent, 'GET', `${targets[of]}/${of}?limit=1`).catch(() => undefined);
  while ((await look()) === undefined) await sleep(100);
};

const clients = Promise.all(Object.keys(targets).map(untilReachable)).then(() =>
  Promise.all(CLIENTS.filter(({ of }) => of in targets).map(work)),
);

createServer(async (call, answer) => {
  if (call.method === 'POST' && call.url === '/stop') {
    running = false;
    await clients;
  }
  answer.setHeader('content-type', 'application/json');
  answer.end(JSON.stringify(report));
}).listen(PORT);
