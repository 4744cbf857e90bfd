import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CallFailed, OutboundPolicy } from '@quotebridge/platform/resilience';
import { tokenEndpoint, type TokenEndpoint, type TokenRules } from './token-endpoint';

describe('a token endpoint', () => {
  let server: Server;
  let endpoint: TokenEndpoint;
  let status = 200;
  let body = '';

  const open = (rules: TokenRules): TokenEndpoint => {
    const { port } = server.address() as AddressInfo;
    return (endpoint = tokenEndpoint(
      {
        tokenUrl: `http://127.0.0.1:${port}/token`,
        clientId: 'us',
        clientSecret: 'secret',
        send: 'form',
        policy: new OutboundPolicy({ allow: ['loopback'] }),
        clock: { now: () => 0 },
      },
      rules,
    ));
  };
  const failureOf = async (rules: TokenRules): Promise<unknown> => {
    try {
      return await open(rules).ask({ form: {}, idempotent: false });
    } catch (thrown) {
      return thrown instanceof CallFailed ? thrown.decision : thrown;
    }
  };
  const refused = (reason: string): string => `no (${reason})`;

  beforeAll(async () => {
    server = createServer((_request, response) => response.writeHead(status).end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => endpoint.close());
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it.each<[string, number, string, string]>([
    ['a refused client', 401, '{"error":"invalid_client"}', 'refreshToken'],
    ['a refused grant', 400, '{"error":"invalid_grant"}', 'refreshToken'],
    ['a firewall', 403, '<html>', 'refreshToken'],
    ['a move to another address', 302, '', 'refreshToken'],
    ['the page of a proxy', 200, '<html>We are back soon</html>', 'retryAfter'],
    ['an answer without a token', 200, '{"access_token":""}', 'retryAfter'],
    ['a list', 200, '[]', 'retryAfter'],
    ['a server error', 503, '', 'retryAfter'],
  ])('says nothing against an event whose turn it is: %s', async (_name, answered, text, kind) => {
    [status, body] = [answered, text];
    expect(await failureOf({ refused })).toMatchObject({ kind });
  });

  it('gives a token that is not fit for use away with the reason', async () => {
    [status, body] = [200, '{"access_token":"a","instance_url":"https://other.example"}'];
    const unfit = ({ instance_url: url }: { readonly [name: string]: unknown }): string | undefined =>
      `it is for ${String(url)}`;
    expect(await failureOf({ refused, unfit })).toEqual({
      kind: 'refreshToken',
      token: 'access',
      reason: 'it is for https://other.example',
    });
  });

  it.each<[unknown, number | undefined]>([
    [3600, 3_600_000],
    ['60', 60_000],
    [undefined, undefined],
    [0, undefined],
    ['soon', undefined],
  ])('tells when a token ends: %s', async (expires, endsMs) => {
    [status, body] = [200, JSON.stringify({ access_token: 'a', expires_in: expires })];
    const { token } = await open({ refused }).ask({ form: {}, idempotent: true });
    expect(token.expiresAtMs).toBe(endsMs);
  });
});
