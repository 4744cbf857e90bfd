import { CONNECTORS } from '@quotebridge/kubernetes/operator';
import { eventually } from '../e2e/support';
import {
  type Asked,
  conditionText,
  connectorOf,
  create,
  describeWith,
  installCanvas,
  K,
  type ProxiedOperator,
  readConnector,
  removeCanvas,
  S4_SPEC,
  startProxiedOperator,
} from './support';

const WITHIN = 100_000;
jest.setTimeout(600_000);
const LOOKS = 4;
/** Far less than the second between two looks less its spread, and far more than a loop without a pause takes. */
const LEAST_MEAN_MS = 300;

const WITH_API = {
  ...S4_SPEC,
  exposedApi: {
    path: '/erp/hooks',
    specification: { url: 'https://docs.example.com/hooks.json' },
    componentName: 'erp',
  },
};

describeWith(['to play the kubelet'], 'an ODA Canvas that comes and goes while the operator runs', () => {
  let suite: ProxiedOperator;
  let world: ProxiedOperator['world'];
  let proxy: ProxiedOperator['proxy'];
  beforeAll(async () => {
    suite = await startProxiedOperator({ CANVAS_INTERVAL: '1s' }, ({ cluster }) =>
      removeCanvas(cluster.admin),
    );
    ({ world, proxy } = suite);
  });
  afterAll(() => suite?.stop());

  const running = async (name: string): Promise<void> => {
    const { admin } = world.cluster;
    await create(admin, CONNECTORS, connectorOf('qb', name, WITH_API));
    await eventually(
      `${name} to run`,
      async () => conditionText(await readConnector(admin, 'qb', name), 'Ready') === 'True Running',
      WITHIN,
    );
  };
  const published = (name: string): Promise<unknown> =>
    eventually(
      `the API of ${name} to be published`,
      () => world.cluster.admin.get(K.exposedApi, 'qb', `${name}-connector`),
      WITHIN,
    );
  /** What the operator has asked about ExposedAPIs since a number of requests. */
  const askedSince = (from: number): readonly Asked[] =>
    proxy.asked.slice(from).filter(({ path }) => path.includes(`/${K.exposedApi.group}/`));

  it('is noticed when it is installed later: Connectors that run already publish their APIs', async () => {
    await running('early');
    await installCanvas(world.cluster.admin);
    await published('early');
  });

  it('is looked for now and then when it has gone, and nothing else is asked of it; what runs and what comes works', async () => {
    await removeCanvas(world.cluster.admin);
    const from = proxy.asked.length;
    await running('late');
    // Whatever was under way when it went may still come.
    const looks = await eventually(
      'nothing but looks for a Canvas',
      () => {
        const latest = askedSince(from).slice(-LOOKS);
        const isOnlyLooks = latest.every(({ method, isWatch }) => method === 'GET' && !isWatch);
        return latest.length === LOOKS && isOnlyLooks && latest;
      },
      WITHIN,
    );
    const [first, last] = [looks[0]?.atMs ?? 0, looks[LOOKS - 1]?.atMs ?? 0];
    expect((last - first) / (LOOKS - 1)).toBeGreaterThan(LEAST_MEAN_MS);
    expect(conditionText(await readConnector(world.cluster.admin, 'qb', 'early'), 'Ready')).toBe(
      'True Running',
    );
  });

  it('gets all APIs again when it comes back', async () => {
    await installCanvas(world.cluster.admin);
    for (const name of ['early', 'late']) await published(name);
  });
});
