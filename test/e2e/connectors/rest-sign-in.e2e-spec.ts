import type { JsonObject } from '@quotebridge/platform/core';
import { restWorld } from './rest-world';

describe('a refresh token that changes with every use, and ends the sign-in when it is used twice', () => {
  const world = restWorld();
  const auth = (): JsonObject => ({
    kind: 'refreshToken',
    clientId: 'quotebridge',
    tokenUrl: `${world.sandbox.url}/oauth/token`,
  });

  it('is used by one replica at a time: the others take what that one got', async () => {
    const settings = world.settings({}, { auth: auth() });
    const replicas = [
      await world.start(settings),
      await world.start(settings),
      await world.start(settings),
    ] as const;
    try {
      for (let round = 1; round <= 4; round += 1) {
        const runs = await Promise.all(
          replicas.map((replica) => replica.runStream('supplierParts', { dryRun: true })),
        );
        expect(runs.map(({ state, error }) => error ?? state)).toEqual(replicas.map(() => 'succeeded'));
        await world.api.fault({ name: 'expireToken' });
      }
      const asked = (await world.api.requests()).filter(({ url }) => url.startsWith('/oauth/token'));
      expect(asked.length).toBeLessThanOrEqual(5);
    } finally {
      await Promise.all(replicas.slice(0, 2).map((replica) => replica.stop()));
    }
  });
});
