import fastify from 'fastify';
import { trustedProxies } from './trusted-proxies';

const PEER = '192.168.7.1';

/** The client whom a server takes for the one who asks. */
const clientOf = async (forwarded: string | undefined, peer = PEER): Promise<string> => {
  const server = fastify({ trustProxy: trustedProxies() });
  server.get('/', async (request) => request.ip);
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  const answer = await server.inject({ method: 'GET', url: '/', remoteAddress: peer, headers });
  await server.close();
  return answer.body;
};

test.each<[string, string | undefined, string]>([
  ['is the one who is connected when no proxy tells of another', undefined, PEER],
  ['is whom the proxy tells of', '8.8.4.4', '8.8.4.4'],
  ['stays so whatever he wrote himself', '1.1.1.1, 8.8.4.4', '8.8.4.4'],
  ['is found behind proxies of our own', '1.1.1.1, 8.8.4.4, 10.0.3.4, 100.64.0.9', '8.8.4.4'],
  ['is found behind proxies of our own with addresses of version 6', '2a00::1, fd00::7', '2a00::1'],
  ['may be one inside', '10.0.3.4', '10.0.3.4'],
  ['is no proxy for an address that is none', '1.1.1.1, unknown, 10.0.3.4', 'unknown'],
])('the client %s', async (_case, forwarded, client) => {
  expect(await clientOf(forwarded)).toBe(client);
});

test('a proxy with a public address is believed when it is the one who is connected', async () => {
  expect(await clientOf('1.1.1.1, 8.8.4.4', '9.9.9.9')).toBe('8.8.4.4');
});
