import { randomIds, systemClock } from '@quotebridge/platform/core';
import { Store } from '@quotebridge/platform/store';
import {
  attributesOf,
  RecordApplier,
  ResourceService,
  type IngestPolicy,
  type ResourceDefinition,
} from '@quotebridge/tmf/resource';
import { defineStateMachine } from '@quotebridge/tmf/state-machine';
import { startMongo, type TestMongo } from '../support';

const version = {
  name: 'productOrder',
  basePath: '/orders',
  schemas: { create: 'ProductOrder_FVO', response: 'ProductOrder' },
  serverSet: [],
  nonPatchable: [],
};

/** acknowledged → inProgress → completed, and inProgress ⇄ held. */
const definition: ResourceDefinition = {
  api: 'TMF622',
  name: 'productOrder',
  eventName: 'ProductOrder',
  domain: 'ProductOrdering',
  versions: { v5: version },
  operations: [],
  state: {
    attribute: 'state',
    machine: defineStateMachine<string>({
      initial: ['acknowledged'],
      final: ['completed'],
      transitions: [
        { from: ['acknowledged', 'held'], to: 'inProgress' },
        { from: 'inProgress', to: 'held' },
        { from: 'inProgress', to: 'completed' },
      ],
    }),
  },
  indexes: [],
};

describe('a record that meets another change of its resource', () => {
  let mongo: TestMongo;
  let store: Store;
  let orders: ResourceService;
  let id: string;

  beforeAll(async () => {
    mongo = await startMongo();
    store = await Store.connect({ uri: mongo.uri, database: mongo.database('conflicts'), appName: 'test' });
    const wake = (): void => undefined;
    orders = new ResourceService(definition, {
      store,
      clock: systemClock,
      ids: randomIds,
      publicUrl: '',
      wake,
    });
  });
  afterAll(async () => {
    await store?.close();
    await mongo?.stop();
  });
  beforeEach(async () => {
    const { document } = await orders.create({ state: 'acknowledged' }, { actor: 'test', origin: 'event' });
    id = document._id;
  });

  const move = (state: string) =>
    orders.change(id, (current) => ({ ...attributesOf(current), state }), { actor: 'test', origin: 'event' });
  const current = async () => attributesOf(await orders.require(id));
  const policy: IngestPolicy = {
    stepBefore: (order) => (order['state'] === 'inProgress' ? undefined : { ...order, state: 'inProgress' }),
    patch: (order, report) => ({ ...order, ...report }),
  };
  /** An applier between whose reads and writes others change the resource: one disturbance for each try. */
  const hooked = (disturbances: (() => Promise<unknown>)[]): RecordApplier => {
    const service = new ResourceService(
      {
        ...definition,
        hooks: {
          prepareChange: async (_before, after) => {
            await disturbances.shift()?.();
            return after;
          },
          beforeRemove: async () => void (await disturbances.shift()?.()),
        },
      },
      orders.deps,
    );
    return new RecordApplier(service, policy);
  };
  const report = (state: string) =>
    ({ externalId: '1', op: 'patch', id, resource: { '@type': 'ProductOrder', state } }) as const;

  it('is decided anew from what is stored then: same attribute, other state', async () => {
    const applier = hooked([() => Promise.resolve(), () => move('held')]);
    expect(await applier.apply(report('completed'), 'erp')).toMatchObject({ status: 'updated' });
    expect(await current()).toMatchObject({ state: 'completed' });
  });

  it('finds its way though the resource is taken back again and again', async () => {
    const back = async (): Promise<unknown> =>
      (await current())['state'] === 'inProgress' ? move('held') : undefined;
    const applier = hooked([back, back, back, back, back]);
    expect(await applier.apply(report('completed'), 'erp')).toMatchObject({ status: 'updated' });
    expect(await current()).toMatchObject({ state: 'completed' });
  });

  it('is no verdict on the record when others are always faster: it is tried again', async () => {
    let count = 0;
    const applier = hooked(
      Array.from({ length: 100 }, () => () => {
        const note = String((count += 1));
        return orders.change(id, (order) => ({ ...attributesOf(order), note }), {
          actor: 'test',
          origin: 'event',
        });
      }),
    );
    await expect(applier.apply(report('completed'), 'erp')).rejects.toMatchObject({
      code: 'concurrentChange',
    });
  });

  describe('is judged by who changed it then', () => {
    const text = (description: string, modifiedAt?: string) =>
      ({
        externalId: '1',
        op: 'upsert',
        id,
        resource: { '@type': 'ProductOrder', description },
        ...(modifiedAt === undefined ? {} : { modifiedAt }),
      }) as const;
    const gone = () => ({ externalId: '1', op: 'delete', id, resource: {} }) as const;
    const write = (description: string) => () =>
      orders.change(id, (order) => ({ ...attributesOf(order), description }), {
        actor: 'clerk',
        origin: 'http',
      });
    const calm = () => new RecordApplier(orders);
    const mine = { source: 'erp', conflict: { rule: 'priority', order: ['local', 'erp'] } } as const;
    beforeEach(() => calm().apply(text('first', '2026-01-01T00:00:00Z'), 'erp'));

    it('so that a change by somebody who goes first stays', async () => {
      expect(await hooked([write('local')]).apply(text('second'), mine)).toMatchObject({
        status: 'unchanged',
      });
      expect(await current()).toMatchObject({ description: 'local' });
    });

    it('so that a person is asked where a person decides', async () => {
      const manual = { source: 'erp', conflict: { rule: 'manual' } } as const;
      const outcome = await hooked([write('local')]).apply(text('second'), manual);
      expect(outcome).toMatchObject({
        status: 'rejected',
        faults: [{ path: '/description', code: 'conflict' }],
      });
      expect(await current()).toMatchObject({ description: 'local' });
    });

    it('so that an older record of the same source does not replace a newer one', async () => {
      const newer = () => calm().apply(text('newest', '2026-03-01T00:00:00Z'), 'erp');
      const outcome = await hooked([newer]).apply(text('second', '2026-02-01T00:00:00Z'), 'erp');
      expect(outcome).toMatchObject({ status: 'unchanged' });
      expect(await current()).toMatchObject({ description: 'newest' });
    });

    it('so that no source is forgotten that has it as well', async () => {
      const second = () => calm().apply(text('crm'), 'crm');
      expect(await hooked([second]).apply(text('shop'), 'shop')).toMatchObject({ status: 'updated' });
      expect((await orders.require(id))['_ingest']).toMatchObject({ sources: ['erp', 'crm', 'shop'] });
    });

    it('so that it is not removed', async () => {
      expect(await hooked([write('local')]).apply(gone(), mine)).toMatchObject({ status: 'unchanged' });
      expect(await current()).toMatchObject({ description: 'local' });
    });

    it('so that it is not removed when another source has brought it', async () => {
      const second = () => calm().apply(text('crm'), 'crm');
      expect(await hooked([second]).apply(gone(), 'erp')).toMatchObject({ status: 'unchanged' });
      expect((await orders.require(id))['_ingest']).toMatchObject({ source: 'crm' });
    });
  });

  it('a resource of two sources goes when both have deleted it, also where the first to do so has no say', async () => {
    const applier = new RecordApplier(orders);
    const apply = (op: 'upsert' | 'delete', source: string) => {
      const known = {
        '@type': 'ExternalIdentifier',
        owner: source,
        externalIdentifierType: 'order',
        id: '1',
      };
      const told = { '@type': 'ProductOrder', description: source, externalIdentifier: [known] };
      const resource = op === 'delete' ? {} : told;
      const origin = { source, conflict: { rule: 'priority', order: ['erp'] } } as const;
      return applier.apply({ externalId: '1', op, id, resource }, origin);
    };
    for (const source of ['crm', 'erp']) await apply('upsert', source);
    await apply('delete', 'crm');
    expect((await orders.require(id))['_ingest']).toMatchObject({ source: 'erp' });
    expect(await current()).toMatchObject({ description: 'erp' });
    expect(await apply('delete', 'erp')).toMatchObject({ status: 'deleted' });
  });

  it('but a client that changes the same attribute without an ETag is refused with 409', async () => {
    let isFirst = true;
    const change = orders.change(
      id,
      async (order) => {
        if (isFirst) await move('inProgress');
        isFirst = false;
        return { ...attributesOf(order), state: 'inProgress', name: 'x' };
      },
      { actor: 'test', origin: 'http' },
    );
    await expect(change).rejects.toMatchObject({ status: 409, code: 'concurrentChange' });
  });
});
