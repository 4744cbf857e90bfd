import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadSpec, validatorFor, type Api, type ApiVersion } from '@quotebridge/tmf-specs';
import request from 'supertest';
import { eventually } from '../e2e/support/eventually';
import { startCallback, type Callback } from './support/callback';
import { startRunningSuite, type RunningSuite } from './support/running-suite';

const VERSIONS: readonly ApiVersion[] = ['v4', 'v5'];
const APIS: readonly Api[] = ['TMF620', 'TMF622', 'TMF648'];
const CATALOG = ['Catalog', 'Category', 'ProductOffering', 'ProductOfferingPrice', 'ProductSpecification'];

/** Declared, but told of by nobody: batches of changes, and questions about a cancellation. */
const UNUSED: ReadonlySet<string> = new Set([
  'CatalogBatchEvent',
  'CancelProductOrderInformationRequiredEvent',
  'Event',
]);

const declaredIn = (api: Api, version: ApiVersion): string[] =>
  Object.keys(loadSpec(api, version).components.schemas)
    .filter((name) => name.endsWith('Event') && !UNUSED.has(name))
    .sort();

const LONG = 60_000;

describe('every kind of event is what the API documents say', () => {
  let suite: RunningSuite;
  let callback: Callback;

  const base = (api: Api, version: ApiVersion = 'v5'): string => loadSpec(api, version).servers[0]?.url ?? '';
  const on = (api: Api) => request(suite.url(api));
  const post = async (api: Api, name: string, body: object): Promise<string> => {
    const answer = await on(api)
      .post(`${base(api)}/${name}`)
      .send(body);
    if (answer.status !== 201) throw new Error(`POST ${name}: ${answer.text}`);
    return answer.body.id as string;
  };
  const patch = async (api: Api, way: string, type: string, ...changes: object[]): Promise<void> => {
    for (const change of changes) {
      const sent = { '@type': type, ...change };
      const answer = await on(api)
        .patch(`${base(api)}/${way}`)
        .send(sent);
      if (answer.status !== 200) throw new Error(`PATCH ${way} ${JSON.stringify(sent)}: ${answer.text}`);
    }
  };
  const remove = (api: Api, way: string) =>
    on(api)
      .delete(`${base(api)}/${way}`)
      .expect(204);
  const states = (...names: string[]) => names.map((state) => ({ state }));

  const catalogLives = async (): Promise<void> => {
    for (const kind of CATALOG) {
      const type = kind === 'Catalog' ? 'ProductCatalog' : kind;
      const more = kind === 'ProductOfferingPrice' ? { priceType: 'oneTime' } : {};
      const name = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
      const body = {
        '@type': type,
        name: 'One',
        lifecycleStatus: 'In Study',
        lastUpdate: '2026-01-01T00:00:00Z',
        ...more,
      };
      const id = await post('TMF620', name, body);
      await patch('TMF620', `${name}/${id}`, type, { description: 'new' }, { lifecycleStatus: 'In Design' });
      await remove('TMF620', `${name}/${id}`);
    }
    const url = pathToFileURL(join(suite.jobsFolder, 'events.ndjson')).href;
    const job = { url, contentType: 'application/x-ndjson', path: '/category' };
    for (const [name, type] of [
      ['exportJob', 'ExportJob'],
      ['importJob', 'ImportJob'],
    ] as const) {
      const id = await post('TMF620', name, { '@type': type, ...job });
      await eventually(
        `the ${name}`,
        async () => (await on('TMF620').get(`${base('TMF620')}/${name}/${id}`)).body.status === 'Succeeded',
        LONG,
      );
    }
  };

  const orderLives = async (): Promise<void> => {
    const order = (): Promise<string> =>
      post('TMF622', 'productOrder', {
        '@type': 'ProductOrder',
        productOrderItem: [
          {
            '@type': 'ProductOrderItem',
            id: '1',
            action: 'add',
            quantity: 1,
            productOffering: { '@type': 'ProductOfferingRef', id: suite.offering },
          },
        ],
      });
    const failing = await order();
    const steps = states('pending', 'inProgress', 'held', 'inProgress', 'failed');
    await patch('TMF622', `productOrder/${failing}`, 'ProductOrder', { description: 'new' }, ...steps);
    await remove('TMF622', `productOrder/${failing}`);
    const productOrder = { '@type': 'ProductOrderRef', id: await order() };
    const cancelled = { '@type': 'CancelProductOrder', productOrder };
    await post('TMF622', 'cancelProductOrder', cancelled);
  };

  const quoteLives = async (): Promise<void> => {
    const id = await post('TMF648', 'quote', {
      '@type': 'Quote',
      instantSyncQuote: false,
      quoteItem: [
        {
          '@type': 'QuoteItem',
          id: '1',
          action: 'add',
          quantity: 1,
          productOffering: { '@type': 'ProductOfferingRef', id: suite.offering },
        },
      ],
    });
    const steps = states('pending', 'inProgress', 'approved', 'rejected');
    await patch('TMF648', `quote/${id}`, 'Quote', { description: 'new' }, ...steps);
    await remove('TMF648', `quote/${id}`);
  };

  beforeAll(async () => {
    [suite, callback] = await Promise.all([startRunningSuite(), startCallback()]);
    for (const api of APIS)
      for (const version of VERSIONS) {
        const type = version === 'v5' ? { '@type': 'Hub' } : {};
        const hub = { ...type, callback: callback.url(`${api}-${version}`), query: '' };
        await on(api)
          .post(`${base(api, version)}/hub`)
          .send(hub)
          .expect(201);
      }
    await catalogLives();
    await orderLives();
    await quoteLives();
  });
  afterAll(async () => {
    await suite?.close();
    await callback?.close();
  });

  it.each(APIS.flatMap((api) => VERSIONS.map((version) => [api, version] as const)))(
    '%s %s: each declared kind is told of, and each that is told of is valid',
    async (api, version) => {
      const declared = declaredIn(api, version);
      const got = () => callback.got(`${api}-${version}`);
      await eventually(
        `the events ${declared.join(', ')}`,
        () => {
          const seen = new Set(got().map(({ eventType }) => eventType));
          return declared.every((type) => seen.has(type));
        },
        LONG,
      );
      const faults = got()
        .filter(({ eventType }) => declared.includes(eventType))
        .flatMap((one) =>
          validatorFor(api, version, one.eventType)(one).map((fault) => ({ ...fault, type: one.eventType })),
        );
      expect(faults).toEqual([]);
      // Version 4 has no events of jobs, milestones, alerts and error messages; they are told under their own names.
      const others = [...new Set(got().map(({ eventType }) => eventType))].filter(
        (type) => !declared.includes(type),
      );
      expect(version === 'v5' ? others : []).toEqual([]);
    },
  );
});
