import { isJsonObject } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { parseAllDocuments } from 'yaml';
import { startHelm, type Helm } from './support';

const CHART = 'quotebridge';
const CANVAS = ['--api-versions', 'oda.tmforum.org/v1/Component'];

interface Rule {
  readonly to?: readonly object[];
  readonly ports?: readonly { readonly port: number }[];
}

interface Container {
  readonly env: readonly object[];
  readonly volumeMounts: readonly object[];
}

interface Pod {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes: readonly object[];
}

interface Spread {
  readonly whenUnsatisfiable: string;
  readonly nodeTaintsPolicy?: string;
}

const policiesIn = (objects: readonly KubeObject[]): readonly KubeObject[] =>
  objects.filter(({ kind }) => kind === 'NetworkPolicy');
const rulesOf = (policy: KubeObject | undefined): readonly Rule[] =>
  (policy?.spec?.['egress'] ?? []) as unknown as readonly Rule[];

describe('charts with values and names at the edge', () => {
  let helm: Helm;
  // Charts are rendered without a cluster.
  beforeAll(() => {
    helm = startHelm({ url: 'https://127.0.0.1:1' });
  });
  afterAll(() => helm?.remove());

  const template = (release: string) =>
    helm.run('template', release, helm.chart(CHART), '--namespace', 'qb', ...CANVAS);

  it('a release name may be as long as the names of its parts differ, and they find one another by them', () => {
    const { stdout, stderr } = template('r'.repeat(43));
    expect(stderr).toBe('');
    const objects = parseAllDocuments(stdout)
      .map((document) => document.toJS() as unknown)
      .filter(isJsonObject) as unknown as readonly KubeObject[];
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    const services = objects.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name);
    const called = [...stdout.matchAll(/http:\/\/(r+-[a-z-]*)[.:]/g)].map(([, host = '']) => host);
    expect(called.length).toBeGreaterThan(10);
    expect([...new Set(called)].filter((host) => !services.includes(host))).toEqual([]);
  });

  it('a longer one is refused with a sentence', () => {
    expect(template('r'.repeat(44))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('has 44 letters: take one of at most 43') as string,
    });
  });

  it.each([
    ['egressCidrs', []],
    ['egressPorts', []],
    ['egressPorts', ['--set', 'telemetry.otlpEndpoint=http://collector.otel:4318']],
  ])('an empty list of %s opens nothing (%j)', (list, values) => {
    const usual = rulesOf(policiesIn(helm.render('quotebridge-quote', 'qb', ...values))[0]);
    const empty = ['--set-json', `networkPolicy.${list}=[]`];
    const rules = rulesOf(policiesIn(helm.render('quotebridge-quote', 'qb', ...values, ...empty))[0]);
    const isOpen = ({ to = [], ports = [] }: Rule): boolean => to.length === 0 || ports.length === 0;
    expect(usual.filter(isOpen)).toEqual([]);
    expect(rules.filter(isOpen)).toEqual([]);
    const reach = (all: readonly Rule[]): number =>
      all.reduce((sum, { to = [], ports = [] }) => sum + to.length * ports.length, 0);
    expect(reach(rules)).toBeLessThan(reach(usual));
  });

  it('load balancers that call pods by their addresses are let in by their networks', () => {
    const fromOf = (policy: KubeObject | undefined): string => JSON.stringify(policy?.spec?.['ingress']);
    const networks = '{130.211.0.0/22,35.191.0.0/16}';
    const all = ['--set', `global.networkPolicy.ingressCidrs=${networks}`];
    const parts = policiesIn(helm.render(CHART, 'qb', ...all)).filter(
      ({ metadata }) => metadata.labels?.['oda.tmforum.org/componentName'] !== undefined,
    );
    expect(parts).toHaveLength(7);
    for (const policy of parts)
      expect(fromOf(policy)).toContain(
        '{"ipBlock":{"cidr":"130.211.0.0/22"}},{"ipBlock":{"cidr":"35.191.0.0/16"}}',
      );
    expect(fromOf(policiesIn(helm.render('quotebridge-quote', 'qb'))[0])).not.toContain('ipBlock');
  });

  it('an authority of your own is trusted by every process that calls a server, connectors included', () => {
    const values = ['--set', 'global.trust.configMap=own-ca,global.trust.key=root.pem'];
    const pods = helm
      .render(CHART, 'qb', ...values)
      .filter(({ kind }) => ['Deployment', 'Job'].includes(kind))
      .map(({ spec }) => (spec?.['template'] as unknown as { spec: Pod }).spec);
    expect(pods).toHaveLength(9);
    for (const { containers, initContainers = [], volumes } of pods) {
      expect(volumes).toContainEqual({
        name: 'trust',
        configMap: { name: 'own-ca', items: [{ key: 'root.pem', path: 'ca.crt' }] },
      });
      for (const { env, volumeMounts } of [...initContainers, ...containers]) {
        expect(env).toContainEqual({ name: 'NODE_EXTRA_CA_CERTS', value: '/etc/quotebridge/trust/ca.crt' });
        expect(volumeMounts).toContainEqual({
          name: 'trust',
          mountPath: '/etc/quotebridge/trust',
          readOnly: true,
        });
      }
    }
    const ofOperator = pods.flatMap(({ containers }) => containers.flatMap(({ env }) => env));
    expect(ofOperator).toContainEqual({ name: 'TRUST_CONFIG_MAP', value: 'own-ca' });
    expect(ofOperator).toContainEqual({ name: 'TRUST_KEY', value: 'root.pem' });
    const without = helm.render(CHART, 'qb', '--set', 'sandbox.enabled=true');
    expect(JSON.stringify(without)).not.toContain('NODE_EXTRA_CA_CERTS');
  });

  it('what global leaves empty, a part may say for itself', () => {
    const said =
      'quote.publicUrl=https://quotes.example.com,quote.imagePullSecrets={own},operator.imagePullSecrets={own}';
    const objects = helm.render(CHART, 'qb', '--set', said);
    for (const name of ['deals-quote', 'deals-operator']) {
      const workload = objects.find((one) => one.kind === 'Deployment' && one.metadata.name === name);
      expect(JSON.stringify(workload?.spec)).toContain('"imagePullSecrets":[{"name":"own"}]');
      if (name === 'deals-quote')
        expect(JSON.stringify(workload?.spec)).toContain('"https://quotes.example.com/deals-quote"');
    }
  });

  it('network policies can be left out of all parts of a release', () => {
    const values = ['--set', 'sandbox.enabled=true'];
    expect(policiesIn(helm.render(CHART, 'qb', ...values)).length).toBeGreaterThan(10);
    const without = ['--set', 'global.networkPolicy.enabled=false'];
    expect(policiesIn(helm.render(CHART, 'qb', ...values, ...without))).toEqual([]);
  });

  it.each<[string, string | RegExp]>([
    ['8Gi', '8Gi'],
    ['1.5Ti', '1.5Ti'],
    ['8G', /is 8G: the streams may fill 7 GiB .+ at least 8Gi, or leave nats.persistence.enabled off/],
    ['512Mi', /at least 8Gi/],
    ['10 GB', /nats.persistence.size is "10 GB", which is no size/],
  ])('a volume for NATS of %s is %s', (size, expected) => {
    const values = ['--set', `nats.persistence.enabled=true,nats.persistence.size=${size}`];
    const answer = helm.run('template', 'deals', helm.chart(CHART), '--namespace', 'qb', ...values);
    if (typeof expected === 'string') expect(answer.stdout).toContain(`storage: ${expected}`);
    else expect(answer).toMatchObject({ status: 1, stderr: expect.stringMatching(expected) as string });
  });

  it('the operator reaches the brokers of Connectors at the ports that are said, each once', () => {
    const egress = ['--set', 'networkPolicy.egressPorts={4333,4222}'];
    const traces = ['--set', 'telemetry.otlpEndpoint=http://collector.otel:4333'];
    const [policy] = policiesIn(helm.render('quotebridge-operator', 'qb', ...egress, ...traces));
    expect(rulesOf(policy)[2]?.ports?.map(({ port }) => port)).toEqual([4_222, 4_333]);
    const global = ['--set', 'global.networkPolicy.egressPorts={443,4222,4333}'];
    const ofSuite = policiesIn(helm.render(CHART, 'qb', ...global)).find(
      ({ metadata }) => metadata.name === 'deals-operator',
    );
    expect(rulesOf(ofSuite)[2]?.ports?.map(({ port }) => port)).toEqual([4_222, 443, 4_333]);
  });

  it('traces may leave to the usual port of a receiver whose name ends in a digit', () => {
    const values = ['--set', 'telemetry.otlpEndpoint=http://collector-1'];
    for (const chart of ['quotebridge-quote', 'quotebridge-operator']) {
      const rules = rulesOf(policiesIn(helm.render(chart, 'qb', ...values))[0]);
      const ports = rules.flatMap((rule) => rule.ports?.map(({ port }) => port));
      expect([chart, ports.includes(80), ports.includes(1)]).toEqual([chart, true, false]);
    }
  });

  it('every policy that lets names be asked for lets the cache of the node be asked, and that for nothing else', () => {
    const policies = policiesIn(helm.render(CHART, 'qb', '--set', 'sandbox.enabled=true'));
    expect(policies.length).toBeGreaterThan(10);
    for (const policy of policies) {
      const rules = rulesOf(policy).map(({ to = [], ports = [] }) => ({
        toNode: JSON.stringify(to).includes('"cidr":"169.254.0.0/16"'),
        ports: [...new Set(ports.map(({ port }) => port))],
      }));
      const name = policy.metadata.name;
      expect([name, rules.filter(({ toNode }) => toNode)]).toEqual([name, [{ toNode: true, ports: [53] }]]);
      expect([name, rules.filter(({ toNode, ports }) => !toNode && ports.includes(53))]).toEqual([name, []]);
    }
  });

  it('in production a node that is drained or away keeps no pod waiting, and a pod that is not ready no drain', () => {
    const production = ['--values', `${helm.chart(CHART)}/values-production.yaml`];
    const objects = helm.render(CHART, 'qb', ...production);
    const strict = objects
      .filter(({ kind }) => kind === 'Deployment')
      .flatMap(({ spec }) => {
        const { spec: pod } = spec?.['template'] as unknown as {
          spec: { topologySpreadConstraints: Spread[] };
        };
        return pod.topologySpreadConstraints.filter((one) => one.whenUnsatisfiable === 'DoNotSchedule');
      });
    expect(strict.length).toBe(14);
    expect(strict.filter(({ nodeTaintsPolicy }) => nodeTaintsPolicy !== 'Honor')).toEqual([]);
    const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget').map(({ spec }) => spec);
    expect(budgets.length).toBe(8);
    expect(budgets.filter((spec) => spec?.['unhealthyPodEvictionPolicy'] !== 'AlwaysAllow')).toEqual([]);
  });

  it('more replicas at least than at most are refused with a sentence', () => {
    const values = ['--set', 'autoscaling.enabled=true,autoscaling.minReplicas=7'];
    expect(helm.run('template', 'deals', helm.chart('quotebridge-quote'), ...values)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('minReplicas of quote is 7, over maxReplicas, which is 6') as string,
    });
  });

  it('what prepares the database reaches it at the ports at which components do', () => {
    const values = ['--set', 'mongodb.enabled=false,mongodb.url=mongodb://db.example.com:27018'];
    const ports = ['--set', 'global.networkPolicy.egressPorts={443,4222,27018}'];
    const setup = policiesIn(helm.render(CHART, 'qb', ...values, ...ports)).find(
      ({ metadata }) => metadata.name === 'deals-setup',
    );
    expect(rulesOf(setup).flatMap((rule) => rule.ports?.map(({ port }) => port))).toEqual(
      expect.arrayContaining([27_018, 27_017]),
    );
  });
});
