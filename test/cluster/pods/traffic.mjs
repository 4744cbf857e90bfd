// Clients of the product catalog inside a cluster, for the tests of pods. They create, change and read categories
// until POST /stop; it and GET / answer with what was sent, what failed, and what was acknowledged. Nothing is repeated:
// a request that fails counts as lost. Settings: TARGET (base address of TMF620 v4), API_KEY.
import { Agent, createServer, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const PORT = 9000;
// Far more than any answer takes, on a busy machine as well.
const ANSWER_WITHIN = 120_000;
const CHANGES = 4;
// Connections that are kept and always in use, kept and mostly idle, and new ones for each request.
const CLIENTS = [
  { keepAlive: true, pace: 30 },
  { keepAlive: true, pace: 50 },
  { keepAlive: true, pace: 80 },
  { keepAlive: true, pace: 1_700 },
  { keepAlive: false, pace: 60 },
  { keepAlive: false, pace: 90 },
];

const { TARGET, API_KEY } = process.env;
const report = { sent: 0, failed: [], acknowledged: [] };
let running = true;

const ask = (agent, method, path, body) =>
  new Promise((done, fail) => {
    const headers = { 'x-api-key': API_KEY };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const call = request(`${TARGET}${path}`, { method, agent, headers, timeout: ANSWER_WITHIN }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (more) => (text += more));
      answer.on('error', fail);
      answer.on('end', () => done({ status: answer.statusCode, text }));
    });
    call.on('error', fail);
    call.on('timeout', () => call.destroy(new Error(`no answer within ${ANSWER_WITHIN} ms`)));
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });

const send = async (agent, method, path, body) => {
  report.sent += 1;
  const at = new Date().toISOString();
  try {
    const { status, text } = await ask(agent, method, path, body);
    if (status < 300) return JSON.parse(text);
    report.failed.push(`${at} ${method} ${path}: ${status} ${text.slice(0, 300)}`);
  } catch (error) {
    report.failed.push(`${at} ${method} ${path}: ${error.code ?? ''} ${error.message}`);
  }
  return undefined;
};

const work = async ({ keepAlive, pace }, client) => {
  const agent = new Agent({ keepAlive, maxSockets: 1 });
  for (let made = 0; running; made += 1) {
    const name = `traffic ${client}-${made}`;
    const category = await send(agent, 'POST', '/category', { name, description: '0' });
    await sleep(pace);
    if (category === undefined) continue;
    const { id } = category;
    report.acknowledged.push({ id, kind: 'create', step: 0 });
    for (let step = 1; running && step <= CHANGES; step += 1) {
      const changed = await send(agent, 'PATCH', `/category/${id}`, { description: String(step) });
      if (changed !== undefined) report.acknowledged.push({ id, kind: 'patch', step });
      await sleep(pace);
    }
    await send(agent, 'GET', `/category/${id}`);
    await sleep(pace);
  }
  agent.destroy();
};

// The network lets a new pod through only when it knows it; what comes before is no request of a client.
const untilReachable = async () => {
  const agent = new Agent();
  while ((await ask(agent, 'GET', '/category?limit=1').catch(() => undefined)) === undefined)
    await sleep(100);
};

const clients = untilReachable().then(() => Promise.all(CLIENTS.map(work)));

createServer(async (call, answer) => {
  if (call.method === 'POST' && call.url === '/stop') {
    running = false;
    await clients;
  }
  answer.setHeader('content-type', 'application/json');
  answer.end(JSON.stringify(report));
}).listen(PORT);
