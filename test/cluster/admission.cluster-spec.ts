import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'node:tls';
import type { JsonObject } from '@quotebridge/platform/core';
import { KubeError, pathOf, type KubeObject } from '@quotebridge/kubernetes/client';
import { CONNECTORS, startAdmission } from '@quotebridge/kubernetes/operator';
import { createLogger, createMetrics } from '@quotebridge/platform/telemetry';
import { eventually, freePort, type TestProcess } from '../e2e/support';
import {
  askAdmission,
  conditionText,
  connectorOf,
  create,
  describeWith,
  type Helm,
  installCrds,
  K,
  makeNamespace,
  metricOf,
  operatorAccount,
  type OperatorAccount,
  readConnector,
  S4_SPEC,
  startCluster,
  startHelm,
  startOperatorProcess,
  type TestCluster,
  writeCertificate,
} from './support';

const WITHIN = 100_000;
const REST: JsonObject = {
  type: 'rest',
  rest: {
    baseUrl: 'https://api.example.com',
    auth: { kind: 'none' },
    streams: [
      {
        name: 'parts',
        path: '/parts',
        resource: 'productSpecification',
        id: 'number',
        fields: { name: 'name' },
      },
    ],
  },
};
const withStream = (stream: JsonObject): JsonObject => ({ ...S4_SPEC, streams: [stream] });
const WRONG = withStream({ name: 'productOffering' });
const SENTENCE = 'spec.streams[productOffering] is no stream of this connector; it has ';

describeWith(['to be asked'], 'Connectors are looked at before they are stored', () => {
  let cluster: TestCluster;
  let helm: Helm;
  let folder: string;
  let account: OperatorAccount;
  let operator: TestProcess;
  let webhook: KubeObject;
  let count = 0;

  const trust = async (caBundle: string, port: number): Promise<void> => {
    const clientConfig = {
      url: `https://127.0.0.1:${port}/validate`,
      caBundle: Buffer.from(caBundle).toString('base64'),
    };
    const [rules = {}] = Reflect.get(webhook, 'webhooks') as JsonObject[];
    await cluster.admin.apply(K.validatingWebhook, {
      ...webhook,
      // The longest there is: on a busy machine one that is not waited for is not asked.
      webhooks: [{ ...rules, timeoutSeconds: 30, clientConfig }],
    } as unknown as KubeObject);
  };
  let port: number;

  beforeAll(async () => {
    cluster = await startCluster();
    const { admin, address } = cluster;
    await installCrds(admin);
    await makeNamespace(admin, 'qb');
    helm = startHelm(address);
    folder = mkdtempSync(path.join(tmpdir(), 'qb-admission-'));
    port = await freePort();
    account = await operatorAccount(cluster, 'qb');
    const certificate = writeCertificate(helm, folder);
    operator = await startOperatorProcess(account, 'http://127.0.0.1:9/{name}', {
      ADMISSION_CERT_DIR: folder,
      ADMISSION_PORT: String(port),
    });
    // What the chart asks of the API server; only the address is another one, for the process is in no pod.
    const found = helm
      .render('quotebridge-operator', 'qb')
      .find(({ kind }) => kind === 'ValidatingWebhookConfiguration');
    if (found === undefined) throw new Error('The chart has no webhook');
    webhook = found;
    await trust(certificate, port);
    await eventually('the API server to ask', async () => (await refusal(WRONG)).includes(SENTENCE), WITHIN);
  });
  afterAll(async () => {
    await operator?.stop();
    account?.remove();
    helm?.remove();
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const next = (): string => `c${(count += 1)}`;
  const put = (spec: JsonObject, name = next()): Promise<KubeObject> =>
    create(cluster.admin, CONNECTORS, connectorOf('qb', name, spec));
  const tryOut = (spec: JsonObject, name = next()): Promise<KubeObject> =>
    cluster.admin.call({
      method: 'POST',
      path: pathOf(CONNECTORS, 'qb'),
      query: { dryRun: 'All' },
      body: connectorOf('qb', name, spec),
    });
  const refusal = async (spec: JsonObject, how = tryOut): Promise<string> => {
    try {
      await how(spec);
      return 'it was accepted';
    } catch (thrown) {
      if (thrown instanceof KubeError) return `${thrown.reason}: ${thrown.message}`;
      throw thrown;
    }
  };

  it.each<[string, JsonObject, string]>([
    ['a stream that the type does not have', WRONG, SENTENCE],
    [
      'an action that the type does not have',
      { ...S4_SPEC, actions: [{ name: 'fax', enabled: false }] },
      'spec.actions[fax] is no action of this connector; it has createSalesOrder',
    ],
    [
      'a stream that the settings do not have',
      { ...REST, streams: [{ name: 'prices' }] },
      'spec.streams[prices] is no stream of this connector; it has parts',
    ],
    [
      'a schedule that never comes',
      withStream({ name: 'productOfferings', schedule: '0 2 31 2 *' }),
      'spec.streams[productOfferings].schedule cannot be used: The schedule "0 2 31 2 *" never comes',
    ],
    [
      'a time zone that does not exist',
      withStream({ name: 'productOfferings', schedule: 'daily', timeZone: 'Europe/Berlim' }),
      'spec.streams[productOfferings].timeZone is "Europe/Berlim", which is no time zone',
    ],
    [
      'a mapping that cannot be read',
      withStream({ name: 'productOfferings', mapping: { name: 'Product & ' } }),
      'spec.streams[productOfferings].mapping cannot be used: name: ',
    ],
    [
      'settings that fit the schema of the CRD and not the connector’s own',
      { ...REST, rest: { ...(REST['rest'] as JsonObject), webhooks: [{ name: 'w', stream: 'gone' }] } },
      'spec.rest.webhooks',
    ],
  ])('refuses %s with a sentence, in a dry run as well', async (_what, spec, sentence) => {
    for (const how of [tryOut, put]) {
      const said = await refusal(spec, how);
      expect(said).toContain('admission webhook "connectors.quotebridge.io" denied the request');
      expect(said).toContain(sentence);
      expect(said).toMatch(/^Invalid/);
    }
    expect((await cluster.admin.list(CONNECTORS, { namespace: 'qb' })).items).toEqual([]);
  });

  it('accepts what is right, and stores nothing in a dry run', async () => {
    const spec = withStream({
      name: 'productOfferings',
      schedule: '0 2 * * *',
      timeZone: 'Europe/Berlin',
      mapping: { name: 'Product' },
    });
    expect(await refusal(spec)).toBe('it was accepted');
    expect((await cluster.admin.list(CONNECTORS, { namespace: 'qb' })).items).toEqual([]);
    const { metadata } = await put(spec);
    await cluster.admin.remove(CONNECTORS, 'qb', metadata.name);
  });

  it('no operator that answers blocks nobody; the condition tells later, and what is wrong can be stopped and deleted', async () => {
    const { admin } = cluster;
    await operator.stop();
    await put(WRONG, 'late');
    await operator.restart();
    const invalid = async (): Promise<boolean> =>
      conditionText(await readConnector(admin, 'qb', 'late'), 'ConfigurationValid') === 'False Invalid';
    await eventually('the condition', invalid, WITHIN);
    const patch = (spec: JsonObject): Promise<KubeObject> => admin.patch(CONNECTORS, 'qb', 'late', { spec });
    await expect(patch({ actions: [{ name: 'fax' }] })).rejects.toThrow('spec.actions[fax] is no action');
    await patch({ state: 'Stopped' });
    expect(await metricOf(operator, 'quotebridge_operator_admissions_total')).toBeGreaterThan(1);
    await admin.remove(CONNECTORS, 'qb', 'late');
    const isGone = async (): Promise<boolean> => (await readConnector(admin, 'qb', 'late')) === undefined;
    await eventually('it to go', isGone, WITHIN);
  });

  it('a question that is under way when the operator ends is answered', async () => {
    const own = mkdtempSync(path.join(tmpdir(), 'qb-admission-'));
    const ca = writeCertificate(helm, own);
    let arrived: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => (arrived = resolve));
    let release: () => void = () => undefined;
    const door = await startAdmission({
      host: '127.0.0.1',
      port: 0,
      certDir: own,
      judge: () =>
        new Promise((resolve) => {
          release = () => resolve({ faults: [], warnings: [] });
          arrived();
        }),
      logger: createLogger({ service: 'test', level: 'error' }),
      metrics: createMetrics({ service: 'test', processMetrics: false }),
    });
    const object = connectorOf('qb', 'x') as unknown as JsonObject;
    const said = askAdmission(door.url, { ca, servername: '' }, { request: { uid: 'u', object } });
    await isAsked;
    const stopped = door.stop();
    // Whatever is cut is cut by then.
    await new Promise((resolve) => setTimeout(resolve, 200));
    release();
    expect(await said).toMatchObject({ response: { uid: 'u', allowed: true } });
    await stopped;
    rmSync(own, { recursive: true, force: true });
  });

  it('takes a renewed certificate without a restart', async () => {
    const { pid } = operator;
    const served = (ca: string): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connect({ host: '127.0.0.1', port, ca }, () => {
          socket.destroy();
          resolve(true);
        });
        socket.on('error', () => resolve(false));
      });
    const renewed = writeCertificate(helm, folder);
    await eventually('the new certificate', () => served(renewed), WITHIN);
    await trust(renewed, port);
    await eventually('the API server to ask', async () => (await refusal(WRONG)).includes(SENTENCE), WITHIN);
    expect(operator.pid).toBe(pid);
    const ends = await metricOf(operator, 'quotebridge_operator_certificate_expiry_timestamp_seconds');
    expect(ends * 1000 - Date.now()).toBeGreaterThan(24 * 3_600_000);
  });
});
