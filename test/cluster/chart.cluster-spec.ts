import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { CONNECTORS } from '@quotebridge/kubernetes/operator';
import { pathOf, type KubeObject } from '@quotebridge/kubernetes/client';
import { parseAllDocuments } from 'yaml';
import { eventually } from '../e2e/support';
import {
  askAdmission,
  connectorOf,
  create,
  dryRun,
  installForeignKinds,
  itWith,
  K,
  makeNamespace,
  putSecret,
  readConnector,
  startCluster,
  startConnectorProcesses,
  startKubelet,
  startOperatorProcess,
  type TestCluster,
} from './support';

const ROOT = path.resolve(__dirname, '../..');
const HELM = path.join(ROOT, 'tools/cluster/helm.mjs');
const CHART = path.join(ROOT, 'charts/quotebridge-operator');
type Data = Readonly<Record<string, string>>;

describe('the chart of the operator', () => {
  let cluster: TestCluster;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    cluster = await startCluster();
    await installForeignKinds(cluster.admin);
    folder = mkdtempSync(path.join(tmpdir(), 'qb-helm-'));
    const { url, ca = '', cert, key, token } = cluster.address;
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const user: JsonObject = { token: token?.() };
    if (cert !== undefined) user['client-certificate-data'] = base64(cert);
    if (key !== undefined) user['client-key-data'] = base64(key);
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server: url, 'certificate-authority-data': base64(ca) } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    };
    writeFileSync(path.join(folder, 'kubeconfig'), JSON.stringify(config), { mode: 0o600 });
    env = {
      ...process.env,
      KUBECONFIG: path.join(folder, 'kubeconfig'),
      HELM_CACHE_HOME: folder,
      HELM_CONFIG_HOME: folder,
      HELM_DATA_HOME: folder,
    };
  });
  afterAll(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const helm = (...args: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [HELM, ...args], { encoding: 'utf8', env });
  const rendered = (...args: readonly string[]): readonly KubeObject[] => {
    const { status, stdout, stderr } = helm('template', 'op', CHART, '--namespace', 'qb-system', ...args);
    expect([status, stderr]).toEqual([0, '']);
    return parseAllDocuments(stdout)
      .map((document) => document.toJS() as unknown)
      .filter(isJsonObject) as unknown as KubeObject[];
  };

  it.each<[string, string[]]>([
    ['with the defaults', []],
    ['for one namespace, one replica', ['--set', 'watchNamespace=qb,replicas=1']],
    [
      'with everything on',
      [
        ...[
          '--set',
          'monitoring.namespace=monitoring,monitoring.serviceMonitor.enabled=true,monitoring.alerts.enabled=true',
        ],
        ...['--set', 'telemetry.otlpEndpoint=http://collector.otel:4318,imagePullSecrets={registry}'],
        ...['--set', 'connector.image=registry.example/connector:2,nodeSelector.pool=infra'],
        ...['--set', 'trust.configMap=own-ca'],
        ...['--set', 'networkPolicy.apiServerCidrs={10.0.0.0/28,10.0.1.0/28}'],
        ...['--set-json', 'networkPolicy.apiServerNamespaces=[]'],
        ...['--set', 'admission.failurePolicy=Fail,admission.tls.issuer.name=letsencrypt'],
      ],
    ],
    [
      'with a certificate that is given',
      [
        '--set',
        'admission.tls.secretName=own',
        '--set-string',
        'admission.tls.caBundle=-----BEGIN CERTIFICATE-----',
      ],
    ],
    [
      'without network policy, budget, webhook and CRD',
      [
        '--set',
        'networkPolicy.enabled=false,podDisruptionBudget.enabled=false,admission.enabled=false,crds.install=false',
      ],
    ],
  ])('%s the API server takes every object as it is', async (_what, args) => {
    await makeNamespace(cluster.admin, 'qb-system').catch(() => undefined);
    await makeNamespace(cluster.admin, 'qb').catch(() => undefined);
    const objects = rendered(...args);
    expect(objects.length).toBeGreaterThan(6);
    for (const object of objects) expect((await dryRun(cluster.admin, object)).kind).toBe(object.kind);
  });

  it.each<[string, string, string]>([
    ['a name that is not there', 'replica=3', 'replica'],
    ['a number out of range', 'replicas=9', 'replicas'],
    ['a typo in resources', 'resources.limit.memory=1Gi', "additional properties 'limit' not allowed"],
    ['what is no resource', 'resources.limits.memroy=1Gi', "additional properties 'memroy' not allowed"],
    [
      'a typo in a toleration',
      'tolerations[0].efect=NoSchedule',
      "additional properties 'efect' not allowed",
    ],
    ['a duration without unit', 'settings.pollInterval=30', 'pollInterval'],
    ['an address that is none', 'telemetry.otlpEndpoint=collector:4318', 'otlpEndpoint'],
    ['a certificate without who signed it', 'admission.tls.secretName=own', 'Set admission.tls.caBundle'],
  ])('refuses %s', (_what, value, named) => {
    const { status, stderr } = helm('template', 'op', CHART, '--set', value);
    expect(status).toBe(1);
    expect(stderr).toContain(named);
  });

  itWith(
    ['to play the kubelet'],
    'is installed, and the operator works with the account that it made; upgraded; and leaves only the CRD when it goes',
    async () => {
      const { admin, address } = cluster;
      await makeNamespace(cluster.admin, 'chart');
      const install = helm('install', 'op', CHART, '--namespace', 'chart');
      expect([install.status, install.stderr]).toEqual([0, '']);
      expect(install.stdout).toContain('The operator looks after Connectors in all namespaces.');
      const answer = await admin.call<{ status: { token: string } }>({
        method: 'POST',
        path: '/api/v1/namespaces/chart/serviceaccounts/op/token',
        body: {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          spec: { expirationSeconds: 7_200 },
        },
      });
      const [tokenFile, caFile] = [path.join(folder, 'token'), path.join(folder, 'ca.crt')];
      writeFileSync(tokenFile, answer.status.token, { mode: 0o600 });
      writeFileSync(caFile, address.ca ?? '');
      const deployment = await admin.get(K.deployment, 'chart', 'op');
      const template = deployment?.spec?.['template'] as {
        spec: { containers: { env: { name: string; value?: string }[] }[] };
      };
      // The settings are those of the chart; only what a pod would have is given here.
      const settings = Object.fromEntries(
        (template.spec.containers[0]?.env ?? []).flatMap(({ name, value }) =>
          value === undefined ? [] : [[name, value] as const],
        ),
      );
      const admission = async (): Promise<{ secret: Data; caBundle: string }> => {
        const secret = (await admin.get(K.secret, 'chart', 'op-admission')) as { data?: Data } | undefined;
        const webhook = await admin.call<{ webhooks: { clientConfig: { caBundle: string } }[] }>({
          method: 'GET',
          path: pathOf(K.validatingWebhook, undefined, 'chart-op'),
        });
        return { secret: secret?.data ?? {}, caBundle: webhook.webhooks[0]?.clientConfig.caBundle ?? '' };
      };
      const { secret, caBundle } = await admission();
      expect(caBundle).toBe(secret['ca.crt']);
      for (const file of ['tls.crt', 'tls.key'])
        writeFileSync(path.join(folder, file), Buffer.from(secret[file] ?? '', 'base64'));
      const processes = await startConnectorProcesses();
      const kubelet = startKubelet(admin, 'chart');
      const account = {
        env: {
          ...settings,
          HOST: '127.0.0.1',
          PORT: '0',
          KUBE_API_URL: address.url,
          KUBE_TOKEN_FILE: tokenFile,
          KUBE_CA_FILE: caFile,
          OPERATOR_NAMESPACE: 'chart',
          ADMISSION_CERT_DIR: folder,
          ADMISSION_PORT: '0',
        },
        remove: () => undefined,
      };
      const operator = await startOperatorProcess(account, processes.address);
      try {
        const ca = Buffer.from(caBundle, 'base64').toString('utf8');
        const asked = await askAdmission(
          String(operator.ready['admission']),
          { ca, servername: 'op.chart.svc' },
          { request: { uid: 'u', object: connectorOf('chart', 'x') as unknown as JsonObject } },
        );
        expect(asked).toMatchObject({ response: { uid: 'u', allowed: true } });
        await putSecret(admin, 'chart', 's4-login', { password: 'p' });
        await create(admin, CONNECTORS, connectorOf('chart', 'erp'));
        await eventually(
          'the Connector to run',
          async () => (await readConnector(admin, 'chart', 'erp'))?.status?.phase === 'Running',
          60_000,
        );
        const upgrade = helm('upgrade', 'op', CHART, '--namespace', 'chart', '--set', 'replicas=3');
        expect([upgrade.status, upgrade.stderr]).toEqual([0, '']);
        expect((await admin.get(K.deployment, 'chart', 'op'))?.spec?.['replicas']).toBe(3);
        expect(await admission()).toEqual({ secret, caBundle });
        await admin.remove(CONNECTORS, 'chart', 'erp');
        await eventually(
          'the Connector to go',
          async () => (await readConnector(admin, 'chart', 'erp')) === undefined,
          60_000,
        );
      } finally {
        await operator.stop();
        await kubelet.stop();
        await processes.stop();
      }
      expect(helm('uninstall', 'op', '--namespace', 'chart').status).toBe(0);
      const labelSelector = 'app.kubernetes.io/instance=op';
      for (const kind of [
        K.deployment,
        K.service,
        K.serviceAccount,
        K.clusterRole,
        K.role,
        K.budget,
        K.networkPolicy,
        K.secret,
        K.validatingWebhook,
      ]) {
        expect([kind.kind, (await admin.list(kind, { labelSelector })).items]).toEqual([kind.kind, []]);
      }
      expect((await admin.list(CONNECTORS, {})).items).toEqual([]);
    },
  );
});
