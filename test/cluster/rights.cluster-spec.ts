import { CONNECTORS, operatorRules, type PolicyRule } from '@quotebridge/kubernetes/operator';
import { eventually } from '../e2e/support';
import {
  connectorOf,
  create,
  installCrds,
  makeNamespace,
  operatorAccount,
  putSecret,
  readConnector,
  S4_SPEC,
  startCluster,
  startConnectorProcesses,
  startKubelet,
  startOperatorProcess,
  type ConnectorProcesses,
  type FakeKubelet,
  type TestCluster,
} from './support';

const WITHIN = 60_000;
const WHOLE = {
  ...S4_SPEC,
  replicas: 2,
  exposedApi: {
    path: '/c/hooks',
    specification: { url: 'https://docs.example.com/h.json' },
    componentName: 'c',
  },
};

// What was refused, as a log line tells it: a resource, or references that hold up the deletion of their owner.
const refusedIn = (line: string): string[] =>
  line.includes("you can't set finalizers on")
    ? ['connectors/finalizers']
    : [/resource \\"([a-z/]+)\\"/.exec(line)?.[1] ?? ''].filter((resource) => resource !== '');

describe('the rights of the operator, in one namespace', () => {
  let cluster: TestCluster;
  let processes: ConnectorProcesses;
  let kubelet: FakeKubelet;
  beforeAll(async () => {
    cluster = await startCluster();
    await installCrds(cluster.admin);
    processes = await startConnectorProcesses();
    kubelet = startKubelet(cluster.admin);
  });
  afterAll(async () => {
    await kubelet.stop();
    await processes.stop();
    await cluster.stop();
  });

  /** The life of a Connector, until it is over or `forbidden` stands in the log; gives what was forbidden. */
  const live = async (namespace: string, rules: readonly PolicyRule[]): Promise<readonly string[]> => {
    const { admin } = cluster;
    await makeNamespace(admin, namespace);
    await putSecret(admin, namespace, 's4-login', { password: 'p' });
    const account = await operatorAccount(cluster, namespace, { rules, watch: namespace });
    const operator = await startOperatorProcess(account, processes.address);
    const refused = (): readonly string[] => [...new Set(operator.lines().flatMap(refusedIn))];
    const phaseIs = (phase: string | undefined) => async (): Promise<boolean> =>
      refused().length > 0 || (await readConnector(admin, namespace, 'c'))?.status?.phase === phase;
    try {
      await create(admin, CONNECTORS, connectorOf(namespace, 'c', WHOLE));
      await eventually(`a Connector to run or to be refused in ${namespace}`, phaseIs('Running'), WITHIN);
      if (refused().length > 0) return refused();
      await admin.patch(CONNECTORS, namespace, 'c', {
        spec: { replicas: 1, exposedApi: null, state: 'Stopped' },
      });
      await eventually('the change', phaseIs('Stopped'), WITHIN);
      await admin.remove(CONNECTORS, namespace, 'c');
      await eventually(
        'the end',
        async () => refused().length > 0 || (await readConnector(admin, namespace, 'c')) === undefined,
        WITHIN,
      );
      return refused();
    } finally {
      await operator.kill();
      account.remove();
    }
  };

  it('all of them together are enough', async () => {
    expect(await live('rights-all', operatorRules)).toEqual([]);
  });

  it('and a Connector of another namespace is none of its business', async () => {
    await makeNamespace(cluster.admin, 'elsewhere');
    await create(cluster.admin, CONNECTORS, connectorOf('elsewhere', 'c'));
    await live('rights-here', operatorRules);
    expect((await readConnector(cluster.admin, 'elsewhere', 'c'))?.status).toBeUndefined();
  });

  const cases = operatorRules.map((rule, index): [string, number, PolicyRule] => [
    rule.resources.join(', '),
    index,
    rule,
  ]);
  it.each(cases)('without the rule for %s something is refused', async (_resources, index, rule) => {
    const refused = await live(
      `rights-${index}`,
      operatorRules.filter((other) => other !== rule),
    );
    expect(rule.resources.some((resource) => refused.includes(resource))).toBe(true);
  });
});
