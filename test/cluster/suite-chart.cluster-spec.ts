import { isDeepStrictEqual } from 'node:util';
import { readCommand } from '../../apps/admin/src/api-key-command';
import { readReplicaSetCommand } from '../../apps/admin/src/replica-set-command';
import { FieldKeys } from '@quotebridge/platform/security';
import type { KubeClient, KubeObject } from '@quotebridge/kubernetes/client';
import { CONNECTORS } from '@quotebridge/kubernetes/operator';
import { eventually } from '../e2e/support';
import { dryRun, installForeignKinds, K, makeNamespace, RELEASED, startCluster, startHelm } from './support';
import type { Helm, TestCluster } from './support';

const CHART = 'quotebridge';

const EVERYTHING = [
  ...['--set', 'global.image.registry=registry.example/mirror,global.image.tag=1.2.3'],
  ...['--set', 'global.imagePullSecrets={registry},global.publicUrl=https://api.example.com'],
  ...['--set', 'global.telemetry.otlpEndpoint=http://collector.otel:4318,global.monitoring.namespace=m'],
  ...['--set', 'global.monitoring.serviceMonitor.enabled=true,global.monitoring.alerts.enabled=true'],
  ...['--set', 'global.networkPolicy.ingressNamespaces={edge}'],
  ...['--set', 'sandbox.enabled=true,dashboard.enabled=true'],
  ...[
    '--set',
    'mongodb.persistence.enabled=true,mongodb.persistence.storageClass=fast,nats.persistence.enabled=true',
  ],
  ...['--set', 'ingress.enabled=true,ingress.host=api.example.com,ingress.className=nginx'],
  ...['--set', 'ingress.tls.issuer.name=letsencrypt'],
];

interface Ref {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean;
}
interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { name: string; value?: string; valueFrom?: { secretKeyRef?: Ref } }[];
}
interface PodTemplate {
  readonly metadata: object;
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly volumes: readonly object[];
    readonly imagePullSecrets?: readonly { name: string }[];
  };
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'Job'];
const workloadsOf = (objects: readonly KubeObject[]): readonly KubeObject[] =>
  objects.filter(({ kind }) => WORKLOADS.includes(kind));
const templateOf = ({ spec }: KubeObject): PodTemplate => spec?.['template'] as unknown as PodTemplate;
const claimsOf = ({ spec }: KubeObject): readonly KubeObject[] =>
  (spec?.['volumeClaimTemplates'] ?? []) as unknown as readonly KubeObject[];
const podOf = (workload: KubeObject): KubeObject => {
  const { metadata, spec } = templateOf(workload);
  const claimed = claimsOf(workload).map(({ metadata: { name } }) => ({
    name,
    persistentVolumeClaim: { claimName: name },
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod', namespace: 'strict', ...metadata },
    spec: { ...spec, serviceAccountName: 'default', volumes: [...spec.volumes, ...claimed] },
  } as unknown as KubeObject;
};
const containersOf = (workload: KubeObject): readonly Container[] => {
  const { containers, initContainers = [] } = templateOf(workload).spec;
  return [...initContainers, ...containers];
};

type Data = Readonly<Record<string, string>>;
const textsOf = (secret: KubeObject | undefined): Data =>
  Object.fromEntries(
    Object.entries((secret as { data?: Data } | undefined)?.data ?? {}).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString('utf8'),
    ]),
  );
const secretsIn = (objects: readonly KubeObject[]): Readonly<Record<string, Data>> =>
  Object.fromEntries(
    objects.filter(({ kind }) => kind === 'Secret').map((one) => [one.metadata.name, textsOf(one)]),
  );

// Random, or long and looked at elsewhere.
const NAMES_ONLY = ['Secret', 'deals-dashboard'];

/** What is made for the release itself and not for one of its components. */
const ownOf = (objects: readonly KubeObject[]): readonly KubeObject[] =>
  objects
    .filter(({ metadata }) => metadata.labels?.['helm.sh/chart'] === 'quotebridge-0.1.0')
    .map((one) =>
      NAMES_ONLY.includes(one.kind) || NAMES_ONLY.includes(one.metadata.name)
        ? ({ ...one, data: Object.keys(textsOf(one)) } as unknown as KubeObject)
        : one,
    );

describe('the chart of the whole suite', () => {
  let cluster: TestCluster;
  let helm: Helm;
  let admin: KubeClient;
  let combinations: Readonly<Record<string, readonly string[]>>;
  beforeAll(async () => {
    cluster = await startCluster();
    admin = cluster.admin;
    await installForeignKinds(admin);
    helm = startHelm(cluster.address);
    const production = ['--values', `${helm.chart(CHART)}/values-production.yaml`];
    combinations = { defaults: [], everything: EVERYTHING, production };
    await admin.create(K.namespace, undefined, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'strict', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    });
    await eventually('the account of pods', () => admin.get(K.serviceAccount, 'strict', 'default'));
  });
  afterAll(async () => {
    helm?.remove();
    await cluster?.stop();
  });

  const rendered = (name: string): readonly KubeObject[] =>
    helm.render(CHART, 'strict', ...(combinations[name] ?? []));

  it.each(['defaults', 'everything', 'production'])(
    'with %s the API server takes every object, and its pods under the strictest rules',
    async (name) => {
      const objects = rendered(name);
      expect(objects.length).toBeGreaterThan(40);
      for (const object of [...objects, ...workloadsOf(objects).map(podOf)]) {
        expect((await dryRun(admin, object)).kind).toBe(object.kind);
      }
    },
  );

  it.each(['defaults', 'everything', 'production'])('with %s it is what it was', (name) => {
    const objects = rendered(name);
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toMatchSnapshot();
    expect(ownOf(objects)).toMatchSnapshot();
  });

  it('has all that its processes ask of Secrets, in the form in which they take it', () => {
    const objects = rendered('everything');
    const secrets = secretsIn(objects);
    const asked = workloadsOf(objects).flatMap((one) =>
      containersOf(one).flatMap(({ env = [] }) =>
        env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []),
      ),
    );
    // Those that are optional and for which there is no good random value.
    const missing = asked.filter(({ name, key }) => secrets[name]?.[key] === undefined).map(({ key }) => key);
    expect([...new Set(missing)]).toEqual(['ALERT_SMTP_URL']);
    const { FIELD_KEYS = '', ...keys } = secrets['quotebridge-keys'] ?? {};
    expect(FieldKeys.parse(FIELD_KEYS)).toMatchObject({ ok: true });
    for (const [name, key] of Object.entries(keys))
      expect([name, key]).toEqual([
        name,
        expect.stringMatching(name.endsWith('_API_KEY') ? /^qb_[0-9a-f]{16}_[A-Za-z0-9]{43}$/ : /^\w{48}$/),
      ]);
    const servers = secrets['deals-servers'] ?? {};
    for (const text of Object.values(servers)) expect(text).toMatch(/^s\w{63}$/);
    expect(new Set(Object.values(servers)).size).toBe(3);
    expect(secrets['quotebridge-platform']).toMatchObject({
      MONGODB_URI: expect.stringMatching(
        `^mongodb://quotebridge:${servers['MONGODB_PASSWORD']}@deals-mongodb-0.*&authSource=admin$`,
      ),
      NATS_URL: `nats://quotebridge:${servers['NATS_PASSWORD']}@deals-nats.strict.svc.cluster.local:4222`,
      OUTBOUND_ALLOW_HOSTS: 'deals-sandbox,deals-sandbox.strict.svc.cluster.local',
    });
  });

  it('prepares the database with commands that exist', () => {
    const [job] = rendered('defaults').filter(({ kind }) => kind === 'Job');
    const commands = (job === undefined ? [] : containersOf(job)).map(({ args = [] }) => args);
    const [replicaSet = [], ...keys] = commands;
    expect(readReplicaSetCommand(replicaSet)).toMatchObject({ ok: true, value: { name: 'quotebridge' } });
    expect(keys.map(readCommand)).toEqual(
      ['reader', 'connector', 'admin'].map((role) => ({
        ok: true,
        value: expect.objectContaining({ verb: 'register', wanted: expect.objectContaining({ role }) }),
      })),
    );
  });

  it('what is said for all holds for every part, the operator and its connectors included', () => {
    const workloads = workloadsOf(rendered('everything'));
    const ours = workloads.filter(({ kind }) => kind !== 'StatefulSet');
    expect(ours).toHaveLength(10);
    for (const workload of ours) {
      for (const { image } of containersOf(workload))
        expect(image).toMatch(/^registry\.example\/mirror\/quotebridge\/[a-z-]+:1\.2\.3$/);
      expect(templateOf(workload).spec.imagePullSecrets).toEqual([{ name: 'registry' }]);
    }
    const operator = ours.find(({ metadata }) => metadata.name === 'deals-operator');
    const env = operator === undefined ? [] : (containersOf(operator)[0]?.env ?? []);
    expect(Object.fromEntries(env.map(({ name, value }) => [name, value]))).toMatchObject({
      CONNECTOR_IMAGE: 'registry.example/mirror/quotebridge/connector:1.2.3',
      CONNECTOR_PULL_SECRETS: 'registry',
      PLATFORM_SECRET: 'quotebridge-platform',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.otel:4318',
      MONITORING_NAMESPACE: 'm',
      INGRESS_NAMESPACES: 'edge',
    });
  });

  it('of another release asks for its images, and leaves the pods of MongoDB, of NATS and of the sandbox as they are', () => {
    const values = ['--set', 'sandbox.enabled=true,sandbox.image.tag=0.1.0,mongodb.members=3'];
    const [now, later] = [
      helm.render(CHART, 'strict', ...values),
      helm.renderRelease('9.9.9', CHART, ...values),
    ].map((objects) => new Map(workloadsOf(objects).map((one) => [one.metadata.name, templateOf(one)])));
    const same = [...(now ?? [])].filter(([name, template]) => isDeepStrictEqual(template, later?.get(name)));
    expect(same.map(([name]) => name).sort()).toEqual(['deals-mongodb', 'deals-nats', 'deals-sandbox']);
    const images = [...(later ?? [])].flatMap(([, { spec }]) => spec.containers.map(({ image }) => image));
    expect(images.filter((image) => image.endsWith(':9.9.9'))).toHaveLength(9);
  });

  it.each<[string, string, string]>([
    ['a part that is not there', 'qoute.replicas=3', "additional properties 'qoute' not allowed"],
    ['a name that no part has', 'global.imagetag=1', "additional properties 'imagetag' not allowed"],
    ['a value that a component lacks', 'quote.replica=3', "additional properties 'replica' not allowed"],
    ['a value that the operator lacks', 'operator.replica=3', "additional properties 'replica' not allowed"],
    ['an even number of members', 'mongodb.members=2', '/mongodb/members'],
    ['a password in an address', 'mongodb.url=mongodb://a:b@db', '/mongodb/url'],
    ['no database at all', 'mongodb.enabled=false', 'Set mongodb.url, or set createSecrets.platform=false'],
    ['a certificate without a host', 'ingress.enabled=true,ingress.tls.secretName=t', 'Set ingress.host.'],
  ])('refuses %s with a sentence', (_what, value, sentence) => {
    const { status, stderr } = helm.run('template', 'deals', helm.chart(CHART), '--set', value);
    expect(status).toBe(1);
    expect(stderr).toContain(sentence);
  });

  it('keeps its Secrets at an upgrade and a rollback, and leaves only the keys and the Connector resource behind', async () => {
    const release = ['deals', '--namespace', 'suite'];
    const secrets = async (): Promise<Data> => ({
      ...textsOf(await admin.get(K.secret, 'suite', 'deals-servers')),
      ...textsOf(await admin.get(K.secret, 'suite', 'quotebridge-platform')),
      ...textsOf(await admin.get(K.secret, 'suite', 'quotebridge-keys')),
    });
    const left = async (): Promise<readonly string[]> => {
      const labelSelector = 'app.kubernetes.io/instance=deals';
      const lists = await Promise.all(
        RELEASED.filter(({ group }) => group !== 'oda.tmforum.org').map((kind) =>
          admin.list(kind, { labelSelector }).then(({ items }) => items.map((one) => one.metadata.name)),
        ),
      );
      return lists.flat();
    };
    await makeNamespace(admin, 'suite');
    const install = helm.run('install', ...release, helm.chart(CHART));
    expect([install.status, install.stderr]).toEqual([0, '']);
    expect(install.stdout).toContain('To try only: mongodb and nats of this release');
    const first = await secrets();
    for (const [value, sentence] of [
      ['nats.persistence.enabled=true', 'while there is a StatefulSet deals-nats'],
      ['mongodb.members=1', 'the replica set has 3: that cannot be changed'],
    ] as const) {
      const later = helm.run('upgrade', ...release, helm.chart(CHART), '--set', value);
      expect([later.status, later.stderr]).toEqual([1, expect.stringContaining(sentence)]);
    }
    // Somebody changes the key of the personal data as docs/guides/operate.md says.
    const FIELD_KEYS = `k2:${Buffer.alloc(32, 7).toString('base64')},${first['FIELD_KEYS'] ?? ''}`;
    const data = { FIELD_KEYS: Buffer.from(FIELD_KEYS).toString('base64') };
    await admin.patch(K.secret, 'suite', 'quotebridge-keys', { data });
    const replicasOf = async (name: string): Promise<unknown> =>
      (await admin.get(K.deployment, 'suite', name))?.spec?.['replicas'];
    // An autoscaler goes on from the replicas that there are.
    await admin.patch(K.deployment, 'suite', 'deals-sales', { spec: { replicas: 3 } });
    const values = 'quote.replicas=2,sales.autoscaling.enabled=true';
    const upgrade = helm.run('upgrade', ...release, helm.chart(CHART), '--set', values);
    expect([upgrade.status, upgrade.stderr]).toEqual([0, '']);
    expect(await secrets()).toEqual({ ...first, FIELD_KEYS });
    expect([await replicasOf('deals-quote'), await replicasOf('deals-sales')]).toEqual([2, 3]);
    // The first revision knows the first of these keys only.
    const back = helm.run('rollback', ...release, '1');
    expect([back.status, back.stderr]).toEqual([0, '']);
    expect(await secrets()).toEqual({ ...first, FIELD_KEYS });
    expect(await replicasOf('deals-quote')).toBe(1);

    expect(helm.run('uninstall', ...release).status).toBe(0);
    await eventually('only the keys to be left', async () => {
      const names = await left();
      return names.join() === 'quotebridge-keys';
    });
    expect((await admin.list(CONNECTORS, {})).items).toEqual([]);
    const again = helm.run('install', ...release, helm.chart(CHART));
    expect([again.status, again.stderr]).toEqual([0, '']);
    expect((await secrets())['FIELD_KEYS']).toBe(FIELD_KEYS);
    expect(helm.run('uninstall', ...release).status).toBe(0);
  });
});
