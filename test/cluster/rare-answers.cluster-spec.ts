import { CONNECTORS } from '@quotebridge/kubernetes/operator';
import { eventually } from '../e2e/support';
import {
  type Asked,
  conditionText,
  connectorOf,
  create,
  describeWith,
  K,
  metricOf,
  type ProxiedOperator,
  S4_SPEC,
  startProxiedOperator,
} from './support';

const WITHIN = 180_000;
jest.setTimeout(600_000);
const MANY = 12;
/** What the API server asks for, less what the clocks of two processes may differ by. */
const SOONEST_MS = 950;

describeWith(['to play the kubelet'], 'answers that an API server gives too seldom to wait for', () => {
  let suite: ProxiedOperator;
  let world: ProxiedOperator['world'];
  let proxy: ProxiedOperator['proxy'];
  let operator: ProxiedOperator['operator'];
  beforeAll(async () => {
    suite = await startProxiedOperator({ POLL_INTERVAL: '60s' });
    ({ world, proxy, operator } = suite);
  });
  afterAll(() => suite?.stop());

  const make = (name: string): ReturnType<typeof create> =>
    create(world.cluster.admin, CONNECTORS, connectorOf('qb', name, S4_SPEC));
  const untilReady = (...names: readonly string[]): Promise<boolean> =>
    eventually(
      `${names.join(', ')} to be ready`,
      async () => {
        const { items } = await world.cluster.admin.list(CONNECTORS, { namespace: 'qb' });
        const ready = items.filter((one) => conditionText(one as never, 'Ready') === 'True Running');
        return names.every((name) => ready.some(({ metadata }) => metadata.name === name));
      },
      WITHIN,
    );
  /** Requests for objects of these Connectors, each object for itself. */
  const byObject = (asked: readonly Asked[], prefix: string): readonly (readonly Asked[])[] => {
    const groups = new Map<string, Asked[]>();
    for (const one of asked.filter(({ path }) => path.includes(`/${prefix}`))) {
      const key = `${one.method} ${one.path}`;
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    return [...groups.values()];
  };

  it('429: nothing is asked again sooner than it was told, and all is done in the end', async () => {
    await make('calm');
    await untilReady('calm');
    const names = Array.from({ length: MANY }, (_, n) => `busy-${n}`);
    const from = proxy.asked.length;
    proxy.fail(() => ({ code: 429, reason: 'TooManyRequests' }));
    for (const name of names) await make(name);
    const refused = (): readonly Asked[] =>
      proxy.asked.slice(from).filter(({ refused: code }) => code === 429);
    await eventually('each to be refused more than once', () => refused().length > 3 * MANY, WITHIN);
    const soonest = byObject(refused(), 'busy-').flatMap((same) =>
      same.slice(1).map((one, i) => one.atMs - (same[i]?.atMs ?? 0)),
    );
    expect(soonest.length).toBeGreaterThan(MANY);
    expect(Math.min(...soonest)).toBeGreaterThan(SOONEST_MS);
    proxy.fail();
    await untilReady(...names);
  });

  it('410 Gone: everything is read anew, once for each kind, and what was not told is seen', async () => {
    const { admin } = world.cluster;
    const watched = new Set(proxy.asked.filter(({ isWatch }) => isWatch).map(({ path }) => path));
    expect(watched.size).toBeGreaterThan(6);
    const forgotten = new Set<string>();
    const from = proxy.asked.length;
    const troubles = await metricOf(operator, 'quotebridge_operator_watch_errors_total');
    proxy.fail(({ isWatch, path }) => {
      if (!isWatch || forgotten.has(path)) return undefined;
      forgotten.add(path);
      return { code: 410, reason: 'Expired' };
    });
    proxy.endWatches();
    await make('after-gone');
    await admin.remove(K.service, 'qb', 'calm-connector');
    await untilReady('after-gone');
    await eventually(
      'the Service to be made again',
      () => admin.get(K.service, 'qb', 'calm-connector'),
      WITHIN,
    );
    expect([...forgotten].sort()).toEqual([...watched].sort());
    const lists = (path: string): number =>
      proxy.asked.slice(from).filter((one) => one.method === 'GET' && !one.isWatch && one.path === path)
        .length;
    expect([...watched].map((path) => [path, lists(path)])).toEqual([...watched].map((path) => [path, 1]));
    // It is no fault of anybody.
    expect(await metricOf(operator, 'quotebridge_operator_watch_errors_total')).toBe(troubles);
  });
});
