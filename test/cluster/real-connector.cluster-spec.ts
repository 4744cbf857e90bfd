import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { EventBus, INGEST, TMF_EVENTS } from '@quotebridge/platform/events';
import { CONNECTORS, type Connector } from '@quotebridge/kubernetes/operator';
import {
  eventually,
  freePort,
  otlpReceiver,
  startMongo,
  startNats,
  type OtlpReceiver,
  type TestMongo,
  type TestNats,
} from '../e2e/support';
import { startChild, type Child } from '../e2e/support/child';
import {
  conditionText,
  connectorOf,
  create,
  describeWith,
  type FakeKubelet,
  installCrds,
  K,
  makeNamespace,
  operatorAccount,
  putSecret,
  readConnector,
  S4_SPEC,
  startCluster,
  startKubelet,
  startOperatorProcess,
  type TestCluster,
} from './support';

const ROOT = path.resolve(__dirname, '../..');
const WITHIN = 60_000;
// A run gives up when all its tries are over.
jest.setTimeout(300_000);

interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

describeWith(['to play the kubelet'], 'what the operator orders is what the connector process takes', () => {
  let cluster: TestCluster;
  let mongo: TestMongo;
  let nats: TestNats;
  let receiver: OtlpReceiver;
  let kubelet: FakeKubelet;
  let folder: string;
  let child: Child | undefined;
  let close: () => Promise<void>;

  beforeAll(async () => {
    [cluster, mongo, nats, receiver] = await Promise.all([
      startCluster(),
      startMongo(),
      startNats(),
      otlpReceiver(),
    ]);
    const { admin } = cluster;
    folder = mkdtempSync(path.join(tmpdir(), 'qb-pod-'));
    await installCrds(admin);
    await makeNamespace(admin, 'qb');
    await putSecret(admin, 'qb', 's4-login', { password: 'p' });
    await putSecret(admin, 'qb', 'quotebridge-platform', {
      MONGODB_URI: mongo.uri,
      NATS_URL: nats.url,
      ADMIN_TOKEN: 'a-token-of-some-length',
      CONNECTOR_DATABASE: mongo.database('cluster'),
    });
    kubelet = startKubelet(admin);
    kubelet.pause();
  });
  afterAll(async () => {
    await close();
    await child?.end('SIGTERM');
    await kubelet.stop();
    await Promise.all([mongo.stop(), nats.stop(), receiver.close(), cluster.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Does what a kubelet does with the pod: files of ConfigMap and Secret, variables, the process. */
  const runPod = async (name: string, port: number): Promise<Child> => {
    const { admin } = cluster;
    const child = `${name}-connector`;
    const deployment = await eventually('the Deployment', () => admin.get(K.deployment, 'qb', child), WITHIN);
    const template = deployment.spec?.['template'] as unknown as { spec: { containers: Container[] } };
    const [container] = template.spec.containers;
    if (container === undefined) throw new Error('The pod has no container');
    const dataOf = async (kind: 'configMap' | 'secret', of: string): Promise<[string, string][]> => {
      const data: unknown = Reflect.get((await admin.get(K[kind], 'qb', of)) ?? {}, 'data');
      return Object.entries(isJsonObject(data) ? data : {}).map(([key, value]) => [
        key,
        kind === 'secret' ? Buffer.from(String(value), 'base64').toString() : String(value),
      ]);
    };
    const mounts: Record<string, [string, string][]> = {
      config: await dataOf('configMap', child),
      secrets: await dataOf('secret', 's4-login'),
    };
    const here = (there: string): string => path.join(folder, there);
    for (const { name: volume, mountPath } of container.volumeMounts) {
      mkdirSync(here(mountPath), { recursive: true });
      for (const [file, text] of mounts[volume] ?? []) writeFileSync(path.join(here(mountPath), file), text);
    }
    // What only a pod has, such as the name of its node, is left out.
    const own = container.env.flatMap(({ name: key, value }) =>
      value === undefined ? [] : [[key, value.startsWith('/etc/') ? here(value) : value]],
    );
    return startChild(
      process.execPath,
      [path.join(ROOT, 'dist/apps/connector/src/main.js')],
      {
        PATH: process.env['PATH'],
        ...Object.fromEntries(await dataOf('secret', 'quotebridge-platform')),
        ...(Object.fromEntries(own) as Record<string, string>),
        HOST: '127.0.0.1',
        PORT: String(port),
      },
      ROOT,
    );
  };

  it('from the resource over files and variables to the process, and from its report back into the status', async () => {
    const { admin } = cluster;
    const port = await freePort();
    const account = await operatorAccount(cluster, 'qb');
    const operator = await startOperatorProcess(account, `http://127.0.0.1:${port}`, {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      TRACE_RATIO: '1',
    });
    close = async () => {
      await operator.stop();
      account.remove();
    };
    const spec: JsonObject = {
      ...S4_SPEC,
      // Nobody is there: what is proved is that the connector says so, and that it gets here.
      s4hana: { ...(S4_SPEC['s4hana'] as JsonObject), baseUrl: 'https://s4.invalid', attemptSeconds: 1 },
      streams: [{ name: 'productSpecifications', schedule: 'daily', timeZone: 'Europe/Berlin' }],
      rateBudget: { perSecond: 50 },
    };
    await create(admin, CONNECTORS, connectorOf('qb', 'erp', spec));
    child = await runPod('erp', port);
    await eventually(
      'the connector process to be ready',
      async () => {
        if (child?.isOver()) throw new Error(`The connector ended: ${child.lines.slice(-5).join('\n')}`);
        return fetch(`http://127.0.0.1:${port}/health/ready`).then(
          ({ ok }) => ok,
          () => false,
        );
      },
      WITHIN,
    );
    kubelet.resume();
    const until = (what: string, look: (connector: Connector) => boolean): Promise<Connector> =>
      eventually(
        what,
        async () => {
          const connector = await readConnector(admin, 'qb', 'erp');
          return connector !== undefined && look(connector) ? connector : undefined;
        },
        WITHIN,
      );
    const told = await until('the report', (one) => (one.status?.streams?.length ?? 0) > 0);
    expect(told.status?.streams?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['productSpecifications', 'productOfferings']),
    );
    expect(
      told.status?.streams?.find(({ name }) => name === 'productSpecifications')?.nextRunTime,
    ).toBeDefined();
    await until(
      'the word that nobody answers',
      (one) => conditionText(one, 'Connected') === 'False Unreachable',
    );
    await admin.patch(CONNECTORS, 'qb', 'erp', {
      metadata: { annotations: { 'connectors.quotebridge.io/run-now': 'productSpecifications/t1' } },
    });
    const failed = await until(
      'the failed run, and the token of the one that was asked for',
      (one) =>
        conditionText(one, 'Synced') === 'False RunFailed' &&
        one.status?.handledRunNow === 'productSpecifications/t1',
    );
    expect(failed.status?.phase).toBe('Degraded');
    expect(JSON.stringify(failed.status)).not.toContain('"p"');
  });

  it('a run that the operator asked for is part of the trace of its reconcile; the one that takes note of it is linked to it', async () => {
    // A first one runs by schedule; a run of a system that is not there takes until all its tries are over.
    const run = await receiver.waitFor(
      'the run',
      ({ name, parentSpanId }) => name === 'run productSpecifications' && parentSpanId !== '',
      3 * WITHIN,
    );
    const asking = await receiver.waitFor(
      'the reconcile that asked for it',
      ({ spanId }) => spanId === run.parentSpanId,
      WITHIN,
    );
    expect(asking).toMatchObject({ name: 'reconcile Connector', service: 'operator', traceId: run.traceId });
    const noting = await receiver.waitFor(
      'the reconcile that took note of it',
      ({ links }) => links.includes(run.traceId),
      WITHIN,
    );
    expect(noting.attributes).toMatchObject({
      'k8s.namespace.name': 'qb',
      'quotebridge.connector': 'erp',
    });
  });

  it('when it is deleted, what the process had in the broker goes after the process', async () => {
    const { admin } = cluster;
    const bus = await EventBus.connect({ servers: nats.url, name: 'test' });
    try {
      const consumers = async (): Promise<readonly string[]> => {
        const names: string[] = [];
        for (const stream of [TMF_EVENTS, INGEST])
          for await (const { name } of bus.streams.consumers.list(stream)) names.push(name);
        return names;
      };
      expect(await consumers()).toEqual(
        expect.arrayContaining(['connector-erp-createSalesOrder', expect.stringMatching(/^outcomes-erp-/)]),
      );
      const labels = {
        'app.kubernetes.io/name': 'quotebridge-connector',
        'app.kubernetes.io/instance': 'erp',
      };
      await admin.create(K.pod, 'qb', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'erp-pod', namespace: 'qb', labels },
        spec: { containers: [{ name: 'c', image: 'localhost/c:1' }] },
      });
      await admin.remove(CONNECTORS, 'qb', 'erp');
      await eventually(
        'the order to end the process',
        async () => (await admin.get(K.deployment, 'qb', 'erp-connector'))?.spec?.['replicas'] === 0,
        WITHIN,
      );
      // Not asked politely: it leaves the consumer of its outcomes behind, too.
      await child?.end('SIGKILL');
      expect((await consumers()).length).toBeGreaterThan(2);
      await admin.remove(K.pod, 'qb', 'erp-pod');
      await eventually(
        'the Connector to go',
        async () => (await readConnector(admin, 'qb', 'erp')) === undefined,
        WITHIN,
      );
      expect(await consumers()).toEqual([]);
    } finally {
      await bus.close();
    }
  });
});
