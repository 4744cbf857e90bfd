import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { mongo } from 'mongoose';
import { callObject } from '../../../apps/standalone/src/http';
import { eventually, type Broker } from '../../e2e/support';
import { VERSION } from './next-version';
import type { NodeCluster } from './node-cluster';
import { K } from './objects';

/** Far more than a start takes; pods start beside one another on two busy cores. */
export const SUITE_WITHIN = 240_000;

/** All components, each with a database of its name. */
export const COMPONENTS = [
  ...['product-catalog', 'quote', 'product-order', 'product-inventory'],
  ...['customer', 'sales', 'gateway'],
];

const NAMESPACE = 'qb';
/** From this namespace requests to the components come, as from that of an ingress; from the other one none may. */
const CLIENTS = 'clients';
const STRANGERS = 'strangers';
const RELEASE = 'deals';
const MEMBERS = 3;
/** Who MongoDB and NATS let in, and where the passwords are. */
const USER = 'quotebridge';
const SERVERS = `${RELEASE}-servers`;

const VALUES = [
  ...['--set-string', 'mongodb.image.repository=localhost/mongod,mongodb.image.tag=6'],
  ...['--set-string', 'nats.image.repository=localhost/nats,nats.image.tag=2'],
  // Only traces that a caller has begun: two cores carry enough.
  ...['--set-string', 'global.telemetry.otlpEndpoint=http://otlp-sink:9000,global.telemetry.traceRatio=0'],
  ...['--set', `global.networkPolicy.ingressNamespaces={${CLIENTS}}`],
  // The address of the node, tools/cluster/node/addresses.mjs: nobody else may ask the webhook.
  ...[
    '--set',
    'operator.networkPolicy.apiServerCidrs={192.168.222.2/32},operator.admission.failurePolicy=Fail',
  ],
  ...['--set', `mongodb.members=${MEMBERS},nats.persistence.enabled=true,sandbox.enabled=true`],
  // No part of an upgrade: it plays others' systems, and forgets what was written there when its pod is replaced.
  ...['--set-string', `sandbox.image.tag=${VERSION}`],
];

/** The release `deals` of the whole suite in the namespace `qb` of a cluster whose pods run. */
export class PodSuite {
  private readonly ports = new Map<string, Promise<number>>();

  constructor(private readonly cluster: NodeCluster) {}

  /** Makes the namespaces, with the strictest rules for pods, and a volume for NATS. */
  async prepare(): Promise<void> {
    for (const name of [NAMESPACE, CLIENTS, STRANGERS])
      await this.cluster.admin.create(K.namespace, undefined, {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
      });
    // Pods that no controller makes, such as those of scripts, are refused before their account is there.
    for (const name of [NAMESPACE, CLIENTS, STRANGERS])
      await eventually(
        `the account of pods in ${name}`,
        () => this.cluster.admin.get(K.serviceAccount, name, 'default'),
        SUITE_WITHIN,
      );
    await this.cluster.volume('nats');
  }

  /** Runs a command of helm that takes the chart, such as install, with the values of the tests and these, and waits. */
  put(command: 'install' | 'upgrade', ...values: readonly string[]): Promise<string> {
    return this.helm(command, RELEASE, 'charts/quotebridge', ...VALUES, ...values, ...WAIT);
  }

  /** Upgrades to the charts of the next version, with the values of the tests, and waits. */
  putNext(): Promise<string> {
    return this.helm('upgrade', RELEASE, 'next/charts/quotebridge', ...VALUES, ...WAIT);
  }

  rollback(revision: number): Promise<string> {
    return this.helm('rollback', RELEASE, String(revision), ...WAIT);
  }

  test(): Promise<string> {
    return this.helm('test', RELEASE, '--timeout', '4m');
  }

  uninstall(): Promise<string> {
    return this.helm('uninstall', RELEASE, '--wait');
  }

  private helm(...args: readonly string[]): Promise<string> {
    return this.cluster.helm(...args, '--namespace', NAMESPACE);
  }

  /** A text out of a Secret. */
  async secret(name: string, key: string): Promise<string> {
    const found = await this.cluster.admin.get(K.secret, NAMESPACE, name);
    const data: unknown = Reflect.get(found ?? {}, 'data');
    const text: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, key) : undefined;
    if (typeof text !== 'string') throw new Error(`The Secret ${name} has no ${key}`);
    return Buffer.from(text, 'base64').toString('utf8');
  }

  /** HOST:PORT of this machine for a Service of the release, or of one of its pods (POD.SERVICE). */
  async address(service: string, port: number): Promise<string> {
    const target = `${service}.${NAMESPACE}.svc.cluster.local:${port}`;
    const known = this.ports.get(target) ?? this.cluster.reach(target);
    this.ports.set(target, known);
    return `127.0.0.1:${await known}`;
  }

  /** Base address of a Service that answers: it does so a second or two after its pod is ready. */
  async url(service: string, port: number): Promise<string> {
    const url = `http://${await this.address(service, port)}`;
    await eventually(
      `the Service ${service} to answer`,
      () =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      SUITE_WITHIN,
    );
    return url;
  }

  /** Runs a stream of a connector to its end and gives the record of the run. */
  async runStream(connector: string, stream: string): Promise<JsonObject> {
    const token = await this.secret('quotebridge-platform', 'ADMIN_TOKEN');
    return callObject(`${await this.url(`${connector}-connector`, 8090)}/streams/${stream}/run`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: { wait: true },
    });
  }

  /** Pods of a part that nobody has ordered to end. */
  async pods(part: string): Promise<readonly KubeObject[]> {
    const { items } = await this.cluster.admin.list(K.pod, {
      namespace: NAMESPACE,
      labelSelector: selectorOf(part),
    });
    return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  /** Images of the pods of a part. */
  async images(part: string): Promise<readonly string[]> {
    const statuses = (await this.pods(part)).map(({ spec }) => listOf(spec?.['containers']));
    return statuses.flat().map(({ image }) => String(image));
  }

  /** Which pods of these parts there are, by their unique ids. */
  async started(...parts: readonly string[]): Promise<readonly string[]> {
    const pods = (await Promise.all(parts.map((part) => this.pods(part)))).flat();
    return pods.map(({ metadata }) => `${metadata.name} ${String(metadata.uid)}`).sort();
  }

  /** Containers of the release that ended and were started again, as `POD/CONTAINER: times`. */
  async restarts(): Promise<readonly string[]> {
    const { items } = await this.cluster.admin.list(K.pod, { namespace: NAMESPACE });
    return items.flatMap(({ metadata, status }) =>
      ['initContainerStatuses', 'containerStatuses']
        .flatMap((list) => listOf(status?.[list]))
        .filter(({ restartCount }) => restartCount !== 0)
        .map(({ name, restartCount }) => `${metadata.name}/${String(name)}: ${String(restartCount)}`),
    );
  }

  async readyPods(part: string): Promise<readonly KubeObject[]> {
    return (await this.pods(part)).filter(isReady);
  }

  /** Ends one pod of a part at once; gives it. */
  async kill(part: string, pod?: string): Promise<KubeObject> {
    const pods = await this.pods(part);
    const victim = pods.find(({ metadata }) => pod === undefined || metadata.name === pod);
    if (victim === undefined) throw new Error(`There is no pod ${pod ?? ''} of ${part} to kill`);
    await this.cluster.admin.call({
      method: 'DELETE',
      path: `/api/v1/namespaces/${NAMESPACE}/pods/${victim.metadata.name}`,
      // Only one process may write to a volume: the next one starts when the kubelet has seen the end of this one.
      body: { gracePeriodSeconds: part === 'nats' ? 1 : 0 },
    });
    return victim;
  }

  /** Waits until a part has as many ready pods as are ordered, and the killed one is not among them. */
  async replaced(part: string, victim: KubeObject, count = 1): Promise<void> {
    await eventually(
      `another pod of ${part} to be ready`,
      async () => {
        const pods = await this.readyPods(part).catch(() => []);
        return pods.filter(({ metadata }) => metadata.uid !== victim.metadata.uid).length >= count;
      },
      SUITE_WITHIN,
    );
  }

  /** How long the process of a part has taken until requests came to it, as exactly as Kubernetes tells it. */
  async secondsToReady(part: string): Promise<number> {
    const [pod] = await this.readyPods(part);
    const [container] = listOf(pod?.status?.['containerStatuses']);
    const { running } = (container?.['state'] ?? {}) as { running?: { startedAt: string } };
    const ready = conditionOf(pod, 'Ready')?.['lastTransitionTime'];
    return (Date.parse(String(ready)) - Date.parse(running?.startedAt ?? '')) / 1_000;
  }

  /** Which member of MongoDB is the primary: its pod, and a client that goes straight there. */
  async primary(): Promise<{ readonly pod: string; readonly client: mongo.MongoClient }> {
    return eventually(
      'MongoDB to have a primary',
      async () => {
        for (let n = 0; n < MEMBERS; n += 1) {
          const pod = `${RELEASE}-mongodb-${n}`;
          const address = await this.address(`${pod}.${RELEASE}-mongodb`, 27_017);
          const client = new mongo.MongoClient(`mongodb://${address}/?directConnection=true`, {
            serverSelectionTimeoutMS: 2_000,
            auth: { username: USER, password: await this.secret(SERVERS, 'MONGODB_PASSWORD') },
          });
          const answer = await client
            .db('admin')
            .command({ hello: 1 })
            .catch(() => ({}));
          if (Reflect.get(answer, 'isWritablePrimary') === true) return { pod, client };
          await client.close();
        }
        await sleep(500);
        return undefined;
      },
      SUITE_WITHIN,
    );
  }

  /** Where NATS is. */
  async broker(): Promise<Broker> {
    return {
      servers: `nats://${await this.address(`${RELEASE}-nats`, 4_222)}`,
      user: USER,
      pass: await this.secret(SERVERS, 'NATS_PASSWORD'),
    };
  }
}

const WAIT = ['--wait', '--timeout', '8m'];

/** A part is called as in its label; a connector is its instance, `connector/NAME`. */
const selectorOf = (part: string): string => {
  const [name = '', instance] = part.split('/');
  const own = `app.kubernetes.io/name=quotebridge-${name}`;
  return instance === undefined ? own : `${own},app.kubernetes.io/instance=${instance}`;
};

const listOf = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? (value as Json[]).filter(isJsonObject) : [];

const conditionOf = (pod: KubeObject | undefined, type: string): JsonObject | undefined =>
  listOf(pod?.status?.['conditions']).find((one) => one['type'] === type);

const isReady = (pod: KubeObject): boolean => conditionOf(pod, 'Ready')?.['status'] === 'True';
