import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { closePromptly, drain } from './drain';

const LONG_MS = 60_000;

interface Answer {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  /** The client's end of the connection that it went over. */
  readonly port: number | undefined;
}

const ask = (port: number, agent: Agent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, agent }, (answer) => {
      const client = answer.socket.localPort;
      answer
        .resume()
        .on('end', () =>
          resolve({ status: answer.statusCode, connection: answer.headers.connection, port: client }),
        );
    });
    request.on('error', reject);
  });

describe('a server that sends its clients away', () => {
  const agents: Agent[] = [];
  let fastify: FastifyInstance;
  let port: number;

  const client = (): Agent => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    agents.push(agent);
    return agent;
  };

  beforeEach(async () => {
    fastify = Fastify({ keepAliveTimeout: LONG_MS });
    fastify.get('/', async () => ({ fine: true }));
    await fastify.listen({ host: '127.0.0.1', port: 0 });
    port = (fastify.server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    agents.splice(0).forEach((agent) => agent.destroy());
    await fastify.close();
  });

  it('answers what comes on a kept connection, says that it was the last answer there, and ends when all have gone', async () => {
    const agent = client();
    const first = await ask(port, agent);
    expect(first).toMatchObject({ status: 200, connection: 'keep-alive' });
    let over = false;
    const drained = drain(fastify.server, LONG_MS).then(() => (over = true));
    const second = await ask(port, agent);
    expect(second).toEqual({ status: 200, connection: 'close', port: first.port });
    await drained;
    expect(over).toBe(true);
  });

  it('still takes new connections meanwhile, each for one request', async () => {
    const kept = client();
    await ask(port, kept);
    const drained = drain(fastify.server, LONG_MS);
    const late = client();
    const answers = [await ask(port, late), await ask(port, late)];
    expect(answers.map(({ status, connection }) => [status, connection])).toEqual([
      [200, 'close'],
      [200, 'close'],
    ]);
    expect(answers[0]?.port).not.toBe(answers[1]?.port);
    kept.destroy();
    await drained;
  });

  it('does not wait for ever for a client that is silent', async () => {
    await ask(port, client());
    await drain(fastify.server, 1);
    expect(fastify.server.listening).toBe(true);
  });
});

describe('a server that closes', () => {
  it('answers a request that has arrived and that it has not read yet', async () => {
    const fastify = Fastify({ keepAliveTimeout: LONG_MS });
    fastify.get('/', async () => 'fine');
    await fastify.listen({ host: '127.0.0.1', port: 0 });
    const client = connect((fastify.server.address() as AddressInfo).port, '127.0.0.1');
    const answers: string[] = [];
    client.setEncoding('utf8').on('data', (text: string) => answers.push(text.slice(0, 12)));
    const ask = (): boolean => client.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
    const isOver = once(client, 'close');
    ask();
    await once(client, 'data');
    // Both in one turn of the loop, as for a process that had no processor for a while.
    ask();
    await closePromptly(fastify.server, () => fastify.close());
    await isOver;
    expect(answers).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
  });
});
