import { CONNECTORS, leaseRules, operatorRules, type PolicyRule } from '@quotebridge/kubernetes/operator';
import { eventually } from '../e2e/support';
import {
  askedByOperator,
  connectorOf,
  type ConnectorProcesses,
  create,
  describeWith,
  type FakeKubelet,
  installCrds,
  itWith,
  K,
  makeNamespace,
  operatorAccount,
  putSecret,
  readConnector,
  S4_SPEC,
  startCluster,
  startConnectorProcesses,
  startKubelet,
  startOperatorProcess,
  type TestCluster,
} from './support';

const WITHIN = 100_000;
const LEASE = 'quotebridge-operator';
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

/** Is asked for as a part of another request; the last test takes it away. */
const UNSEEN = 'connectors.quotebridge.io connectors/finalizers update';

/** The rights that the account of a namespace has used, by the audit log of the API server. */
const rightsUsed = (file: string, namespace: string): ReadonlySet<string> =>
  new Set(
    askedByOperator(file, namespace).flatMap(({ verb, objectRef, responseStatus }) => {
      // Addresses without a resource tell which kinds there are; everybody may read them.
      if (objectRef === undefined) return [];
      const { apiGroup = '', resource, subresource } = objectRef;
      const right = `${apiGroup} ${subresource === undefined ? resource : `${resource}/${subresource}`}`;
      // To apply what is not there is to create it, and needs the right for that.
      const verbs = verb === 'patch' && responseStatus?.code === 201 ? ['patch', 'create'] : [verb];
      return verbs.map((one) => `${right} ${one}`);
    }),
  );

describeWith(['to play the kubelet'], 'the rights of the operator, in one namespace', () => {
  let cluster: TestCluster;
  let processes: ConnectorProcesses;
  let kubelet: FakeKubelet;
  beforeAll(async () => {
    cluster = await startCluster('--audit');
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
    // Renewed after a few seconds, which is waited for.
    const operator = await startOperatorProcess(account, processes.address, { LEASE_DURATION: '30s' });
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
      await eventually(
        'the lease to be renewed',
        async () => {
          const { renewTime, acquireTime } = (await admin.get(K.lease, namespace, LEASE))?.spec ?? {};
          return renewTime !== acquireTime;
        },
        WITHIN,
      );
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

  itWith(
    ['the audit log'],
    'are what it asks for in the life of a Connector, no less and no more',
    async () => {
      expect(await live('rights-all', operatorRules)).toEqual([]);
      const asked = rightsUsed(cluster.auditFile ?? '', 'rights-all');
      const granted = [...operatorRules, ...leaseRules].flatMap(({ apiGroups, resources, verbs }) =>
        resources.flatMap((resource) => verbs.map((verb) => `${apiGroups.join()} ${resource} ${verb}`)),
      );
      expect(granted).toContain(UNSEEN);
      expect([...asked, UNSEEN].sort()).toEqual(granted.sort());
    },
  );

  it('and a Connector of another namespace is none of its business', async () => {
    await makeNamespace(cluster.admin, 'elsewhere');
    await create(cluster.admin, CONNECTORS, connectorOf('elsewhere', 'c'));
    await live('rights-here', operatorRules);
    expect((await readConnector(cluster.admin, 'elsewhere', 'c'))?.status).toBeUndefined();
  });

  it.each(['connectors/finalizers', 'secrets'])(
    'without the rule for %s something is refused',
    async (resource) => {
      const without = operatorRules.filter(({ resources }) => !resources.includes(resource));
      const refused = await live(`rights-${resource.replace('/', '-')}`, without);
      expect(refused).toContain(resource);
    },
  );
});
