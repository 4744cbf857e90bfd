import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { discard } from './discard';

/** Longer than any answer that ends. */
const LONG = 60_000;
const SHORT = 200;

/** Answers one request like this, and tells what has become of the connection when the body was discarded. */
const answered = async (
  answer: (response: ServerResponse) => void,
  withinMs: number,
): Promise<'kept' | 'closed'> => {
  const server = createServer((_request, response) => answer(response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const agent = new Agent({ connections: 1 });
  const { port } = server.address() as AddressInfo;
  const ask = () => request(`http://127.0.0.1:${port}/`, { dispatcher: agent });
  const connections = new Set<unknown>();
  server.on('request', ({ socket }) => connections.add(socket));
  try {
    for (const _again of [1, 2]) await discard((await ask()).body, withinMs);
    return connections.size === 1 ? 'kept' : 'closed';
  } finally {
    await agent.destroy();
    server.closeAllConnections();
    server.close();
  }
};

describe('an answer of which only the status counts', () => {
  it.each<[string, (response: ServerResponse) => void, number, 'kept' | 'closed']>([
    ['that ends keeps its connection', (response) => response.end('thank you'), LONG, 'kept'],
    [
      'that never ends is cut off, however often it says something',
      (response) => {
        const more = setInterval(() => response.write('.'), 10);
        response.on('close', () => clearInterval(more));
      },
      SHORT,
      'closed',
    ],
    ['that is silent in the middle is cut off', (response) => response.write('.'), SHORT, 'closed'],
    [
      'that breaks off is no failure',
      (response) => response.write('.', () => response.destroy()),
      LONG,
      'closed',
    ],
    [
      'that is long is not read to its end',
      (response) => response.end(Buffer.alloc(8_000_000)),
      LONG,
      'closed',
    ],
  ])('%s', async (_name, answer, withinMs, expected) => {
    expect(await answered(answer, withinMs)).toBe(expected);
  });
});
