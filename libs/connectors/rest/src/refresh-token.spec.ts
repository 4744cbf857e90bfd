import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AccessTokens, Notes } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { OutboundPolicy } from '@quotebridge/platform/resilience';
import { refreshTokens } from './refresh-token';

/** A token endpoint that takes each refresh token once. */
class Issuer {
  newest: string | undefined = 'refresh-0';
  asked = 0;
  private readonly server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      this.asked += 1;
      const given = new URLSearchParams(text).get('refresh_token');
      const isNewest = given === this.newest;
      this.newest = isNewest ? `refresh-${this.asked}` : undefined;
      const answer = isNewest
        ? { access_token: `access-${this.asked}`, refresh_token: this.newest, expires_in: 3600 }
        : { error: 'invalid_grant' };
      response.writeHead(isNewest ? 200 : 400, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/token`;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** What the replicas of an instance share; it can be away for writes. */
class Shared {
  private kept: JsonObject | undefined;
  private isTaken = false;
  isAway = false;

  readonly notes: Pick<Notes, 'get' | 'put'> = {
    get: async () => this.kept,
    put: async (_kind, [note]) => {
      if (this.isAway) throw new Error('the store is away');
      this.kept = note?.value;
    },
  };

  readonly alone = async <T>(_name: string, work: () => Promise<T>): Promise<T | undefined> => {
    if (this.isTaken) return undefined;
    this.isTaken = true;
    return work().finally(() => (this.isTaken = false));
  };
}

describe('a refresh token that changes with every use', () => {
  let issuer: Issuer;
  let shared: Shared;
  let tokenUrl: string;
  const open: AccessTokens[] = [];

  const replica = (nowMs = 0): AccessTokens => {
    const tokens = refreshTokens({
      tokenUrl,
      clientId: 'us',
      clientSecret: 'secret',
      refreshToken: 'refresh-0',
      send: 'basic',
      policy: new OutboundPolicy({ allow: ['loopback'] }),
      clock: { now: () => nowMs },
      notes: { ...shared.notes, pages: async function* () {}, clear: async () => undefined },
      alone: shared.alone,
      sleep: () => new Promise((resolve) => setImmediate(resolve)),
    });
    open.push(tokens);
    return tokens;
  };

  beforeEach(async () => {
    issuer = new Issuer();
    shared = new Shared();
    tokenUrl = await issuer.listen();
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((tokens) => tokens.close()));
    await issuer.close();
  });

  it('is asked for once by replicas that come together, each time the access token is refused', async () => {
    const replicas = [replica(), replica(), replica()];
    const get = (): Promise<string[]> => Promise.all(replicas.map((tokens) => tokens.get()));
    expect(await get()).toEqual(['access-1', 'access-1', 'access-1']);
    for (const tokens of replicas) tokens.invalidate('access-1');
    expect(await get()).toEqual(['access-2', 'access-2', 'access-2']);
    expect(issuer.asked).toBe(2);
  });

  it('gives a process that starts the access token that is still good, and another one when it has ended', async () => {
    await replica().get();
    expect(await replica(3_500_000).get()).toBe('access-1');
    expect(await replica(3_600_000).get()).toBe('access-2');
  });

  it('is not lost when the store is away at the moment at which it comes', async () => {
    const tokens = replica();
    shared.isAway = true;
    await expect(tokens.get()).rejects.toThrow('the store is away');
    shared.isAway = false;
    expect(await tokens.get()).toBe('access-1');
    expect(await replica(3_600_000).get()).toBe('access-2');
    expect(issuer.asked).toBe(2);
  });

  it('does not overwrite a newer one that another replica has noted meanwhile', async () => {
    const late = replica();
    shared.isAway = true;
    await expect(late.get()).rejects.toThrow('the store is away');
    shared.isAway = false;
    // The server has forgiven the repeated use.
    issuer.newest = 'refresh-0';
    expect(await replica().get()).toBe('access-2');
    expect(await late.get()).toBe('access-2');
    expect(await replica(3_600_000).get()).toBe('access-3');
  });
});
