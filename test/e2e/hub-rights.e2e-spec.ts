import { randomUUID } from 'node:crypto';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import request from 'supertest';
import { startComponentSuite, type ComponentSuite } from './support/component-suite';
import { eventually } from './support/eventually';
import { Subscriber } from './support/subscriber';
import { startTokenIssuer, type TokenIssuer } from './support/token-issuer';

interface Event {
  readonly eventType: string;
  readonly event: Readonly<Record<string, { readonly id: string }>>;
}

const BASE = {
  v4: '/tmf-api/productCatalogManagement/v4',
  v5: '/tmf-api/productCatalogManagement/v5',
} as const;
const CATALOG = { v4: 'catalog', v5: 'productCatalog' } as const;
type Version = keyof typeof BASE;

const CLAIMS = {
  keeper: { scope: 'hub:* category:read' },
  stranger: { scope: 'hub:* quote:*' },
  integrator: { roles: ['integrator', 'operator'] },
};
type Who = keyof typeof CLAIMS;

describe('events of the hub, with access control on', () => {
  const listening: Subscriber<Event>[] = [];
  const tokens = new Map<Who, string>();
  let issuer: TokenIssuer;
  let suite: ComponentSuite;
  beforeAll(async () => {
    issuer = await startTokenIssuer();
    for (const who of Object.keys(CLAIMS) as Who[]) tokens.set(who, await issuer.token(CLAIMS[who], '1h'));
    const env = { ...issuer.env, AUTH: 'on', OUTBOUND_ALLOW: 'loopback' };
    suite = await startComponentSuite(productCatalog, productCatalogSettings, env);
  }, 120_000);
  afterAll(async () => {
    await suite?.close();
    issuer?.stop();
    await Promise.all(listening.map((one) => one.close()));
  });

  const as = (who: Who) =>
    request.agent(suite.component.url).set('Authorization', `Bearer ${tokens.get(who) ?? ''}`);
  const hub = (version: Version, query: string, callback = 'http://127.0.0.1:9/listener') => ({
    ...(version === 'v5' ? { '@type': 'Hub' } : {}),
    callback,
    query,
  });
  const listener = async (): Promise<{ got: Event[]; callback: string }> => {
    const subscriber = new Subscriber<Event>();
    listening.push(subscriber);
    return { got: subscriber.got, callback: await subscriber.listen() };
  };
  const subscribed = async (who: Who, version: Version, query = '') => {
    const { got, callback } = await listener();
    const { body } = await as(who)
      .post(`${BASE[version]}/hub`)
      .send(hub(version, query, callback))
      .expect(201);
    return { got, id: body.id as string };
  };
  /** A category and a catalog, made while somebody listens. */
  const made = async (): Promise<{ catalog: string; category: string }> => {
    const post = async (name: string): Promise<string> =>
      (await as('integrator').post(`${BASE.v4}/${name}`).send({ name: randomUUID() }).expect(201)).body.id;
    return { catalog: await post('catalog'), category: await post('category') };
  };
  const operations = async (id: string): Promise<Record<string, unknown>> => {
    const { body } = await as('integrator').get('/operations/hub').expect(200);
    return (body as { id: string }[]).find((one) => one.id === id) ?? {};
  };
  /** The resources that a subscriber was told of, once he knows these and nothing waits for him any more. */
  const heardBy = async (
    { got, id }: { got: Event[]; id: string },
    ...wanted: readonly string[]
  ): Promise<ReadonlySet<string>> => {
    const ids = () =>
      new Set(got.flatMap(({ event }) => Object.values(event).map((resource) => resource.id)));
    await eventually(`events of ${wanted.join()}`, () => wanted.every((one) => ids().has(one)), 60_000);
    await eventually(
      'everything to be delivered',
      async () => (await operations(id))['waiting'] === 0,
      60_000,
    );
    return ids();
  };

  it.each<Version>(['v5', 'v4'])(
    'are sent in %s to who could read their resource when he subscribed, and to nobody else',
    async (version) => {
      const keeper = await subscribed('keeper', version);
      const integrator = await subscribed('integrator', version);
      const { catalog, category } = await made();
      // From now on both events are in the stream.
      expect(await heardBy(integrator, catalog, category)).toEqual(new Set([catalog, category]));
      expect(await heardBy(keeper, category)).toEqual(new Set([category]));
    },
    120_000,
  );

  it('are sent to a subscription of both resources as far as its owner may read them', async () => {
    const keeper = await subscribed(
      'keeper',
      'v5',
      'eventType=CategoryCreateEvent,ProductCatalogCreateEvent',
    );
    const integrator = await subscribed('integrator', 'v5');
    const { catalog, category } = await made();
    await heardBy(integrator, catalog, category);
    expect(await heardBy(keeper, category)).toEqual(new Set([category]));
  }, 120_000);

  it.each<[Who, Version, string, string]>([
    ['stranger', 'v5', '', 'category:read'],
    ['stranger', 'v4', 'no query at all', 'category:read'],
    ['stranger', 'v5', "filter=$[?(@.eventType=='A' %26%26 @.eventType=='B')]", 'category:read'],
    ['keeper', 'v5', 'eventType=ProductCatalogCreateEvent', 'productCatalog:read'],
    ['keeper', 'v4', 'eventType=CatalogCreateEvent', 'productCatalog:read'],
    ['keeper', 'v5', 'eventType.regex=^ProductCatalog', 'productCatalog:read'],
    ['keeper', 'v5', 'eventType=ImportJobCreateEvent&event.importJob.id=1', 'importJob:read'],
  ])(
    'that %s may not read are refused in %s when a subscription asks for %j',
    async (who, version, query, scope) => {
      const { body, headers } = await as(who)
        .post(`${BASE[version]}/hub`)
        .send(hub(version, query))
        .expect(403);
      expect(body).toMatchObject({ code: 'insufficientScope', message: expect.stringContaining(scope) });
      expect(headers['www-authenticate']).toContain(scope);
    },
  );

  it.each<Version>(['v5', 'v4'])('cannot be asked about in %s by who may not read them', async (version) => {
    const query = `event.${CATALOG[version]}.name=Secret`;
    const refused = await as('keeper').post(`${BASE[version]}/hub`).send(hub(version, query)).expect(400);
    expect(refused.body.details[0].path).toContain('/query');
    await as('integrator').post(`${BASE[version]}/hub`).send(hub(version, query)).expect(201);
  });

  it('go on as they did to a subscription from before the rights of its owner were remembered', async () => {
    const { got, callback } = await listener();
    const _id = randomUUID();
    const createdAt = new Date();
    const stored = (await suite.mongodb.client())
      .db(suite.database)
      .collection<{ _id: string }>('hub_subscriptions');
    const before = { api: 'TMF620', version: 'v5', callback, query: '', createdBy: 'u-1' };
    await stored.insertOne({ _id, ...before, ...{ createdAt, state: 'active', delivered: 0 } });
    const { catalog, category } = await made();
    expect(await heardBy({ got, id: _id }, catalog, category)).toEqual(new Set([catalog, category]));
    expect(await operations(_id)).not.toHaveProperty('reads');
  }, 120_000);

  it('and what their subscriber may read are shown to operators, not by the API', async () => {
    const { id } = await subscribed('keeper', 'v4');
    expect(await operations(id)).toMatchObject({ reads: ['category'] });
    const { body } = await as('keeper').get(`${BASE.v4}/hub/${id}`).expect(200);
    expect(Object.keys(body).sort()).toEqual(['callback', 'id', 'query']);
  });
});
