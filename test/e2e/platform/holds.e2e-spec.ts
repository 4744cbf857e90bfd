import { randomUUID } from 'node:crypto';
import { randomIds, systemClock } from '@quotebridge/platform/core';
import { ensureCollection, Store } from '@quotebridge/platform/store';
import { ResourceService } from '@quotebridge/tmf/resource';
import { startMongo, type TestMongo } from '../support';

const AT_ONCE = 30;

describe('writes that hold what they refer to', () => {
  let mongodb: TestMongo;
  let store: Store;
  beforeAll(async () => {
    mongodb = await startMongo();
    store = await Store.connect({ uri: mongodb.uri, database: mongodb.database('holds'), appName: 'holds' });
    await ensureCollection(store, 'organization', []);
  });
  afterAll(async () => {
    await store?.close();
    await mongodb?.stop();
  });

  it('take turns: none is begun again because another one refers to the same', async () => {
    const id = randomUUID();
    let prepared = 0;
    const organizations: ResourceService = new ResourceService(
      {
        api: 'TMF632',
        name: 'organization',
        eventName: 'Organization',
        domain: 'Party',
        versions: {
          v5: {
            name: 'organization',
            basePath: '/party',
            schemas: { create: 'Organization_FVO', response: 'Organization' },
            serverSet: [],
            nonPatchable: [],
          },
        },
        operations: ['create'],
        indexes: [],
        holdsReferences: true,
        hooks: {
          prepareCreate: async (draft, { checkReferences, session }) => {
            if (checkReferences !== true) return draft;
            prepared += 1;
            if (session) await organizations.repository.hold([id], session);
            return draft;
          },
        },
      },
      { store, clock: systemClock, ids: randomIds, publicUrl: '', wake: () => undefined },
    );
    const client = { actor: 'somebody', origin: 'http' as const };
    await organizations.create({ id, name: 'Weber' }, client);
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) =>
        organizations.create({ name: `Weber ${n}` }, { ...client, checkReferences: true }),
      ),
    );
    const { _held: held } = await organizations.require(id);
    expect({ prepared, held }).toEqual({ prepared: AT_ONCE, held: AT_ONCE });
  });
});
