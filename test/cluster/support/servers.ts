import type { JsonObject } from '@quotebridge/platform/core';
import type { KubeClient, KubeObject, ResourceType } from '@quotebridge/kubernetes/client';
import { mongo } from 'mongoose';
import { eventually } from '../../e2e/support/eventually';
import { K, putSecret } from './objects';
import type { NodeCluster } from './node-cluster';

const WITHIN = 240_000;
const NAMESPACE = 'servers';

/** Where pods find MongoDB. */
export const DATABASE = `mongo-0.mongo.${NAMESPACE}.svc.cluster.local:27017`;

const SECURE: JsonObject = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

interface Server {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly port: number;
  readonly env?: readonly JsonObject[];
}

const serviceOf = ({ name, port }: Server, more: JsonObject): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: NAMESPACE },
  spec: { selector: { app: name }, ports: [{ name: 'server', port }], ...more },
});

const workload = (kind: string, server: Server, more: JsonObject): KubeObject => {
  const { name, image, args = [], port, env = [] } = server;
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: NAMESPACE },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 5,
          enableServiceLinks: false,
          securityContext: { runAsNonRoot: true, runAsUser: 10_001, fsGroup: 10_001 },
          containers: [
            {
              name,
              image,
              args,
              env,
              ports: [{ containerPort: port }],
              readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
              securityContext: SECURE,
              volumeMounts: [
                { name: 'data', mountPath: '/data' },
                { name: 'tmp', mountPath: '/tmp' },
              ],
            },
          ],
          volumes: [
            { name: 'data', emptyDir: {} },
            { name: 'tmp', emptyDir: {} },
          ],
        },
      },
      ...more,
    },
  } as unknown as KubeObject;
};

const MONGO: Server = {
  name: 'mongo',
  image: 'localhost/mongod:6',
  args: ['--dbpath', '/data', '--bind_ip_all', '--replSet', 'rs', '--wiredTigerCacheSizeGB', '0.25'],
  port: 27_017,
};
const NATS: Server = { name: 'nats', image: 'localhost/nats:2', args: ['-js', '-sd', '/data'], port: 4_222 };
const SANDBOX: Server = { name: 'sandbox', image: 'quotebridge/sandbox:0.1.0', port: 8_443 };

const ready = (admin: KubeClient, kind: ResourceType, name: string): Promise<boolean> =>
  eventually(
    `${kind.kind} ${name} to be ready`,
    async () => {
      const found = await admin.get(kind, NAMESPACE, name);
      const status: unknown = Reflect.get(found ?? {}, 'status');
      return typeof status === 'object' && status !== null && Reflect.get(status, 'readyReplicas') === 1;
    },
    WITHIN,
  );

const beginReplicaSet = async (cluster: NodeCluster): Promise<void> => {
  const port = await cluster.reach(DATABASE);
  const uri = `mongodb://127.0.0.1:${port}/?directConnection=true&serverSelectionTimeoutMS=2000`;
  await eventually(
    'the replica set to have a primary',
    async () => {
      const client = new mongo.MongoClient(uri);
      try {
        const admin = client.db('admin');
        await admin
          .command({ replSetInitiate: { _id: 'rs', members: [{ _id: 0, host: DATABASE }] } })
          .catch(() => undefined);
        return (await admin.command({ hello: 1 }))['isWritablePrimary'] === true;
      } catch {
        return false; // The Service does not lead to the pod yet.
      } finally {
        await client.close();
      }
    },
    WITHIN,
  );
};

/** Starts MongoDB (a replica set), NATS and the sandboxes as pods, and waits until they answer. */
export const installServers = async (cluster: NodeCluster): Promise<void> => {
  const { admin } = cluster;
  await admin.create(K.namespace, undefined, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE },
  });
  await admin.apply(K.service, serviceOf(MONGO, { clusterIP: 'None', publishNotReadyAddresses: true }));
  await admin.apply(K.statefulSet, workload('StatefulSet', MONGO, { serviceName: 'mongo', replicas: 1 }));
  for (const server of [NATS, SANDBOX]) {
    await admin.apply(K.service, serviceOf(server, {}));
    await admin.apply(K.deployment, workload('Deployment', server, { replicas: 1 }));
  }
  await ready(admin, K.statefulSet, 'mongo');
  await ready(admin, K.deployment, 'nats');
  await ready(admin, K.deployment, 'sandbox');
  await beginReplicaSet(cluster);
};

/** The Secrets that components and connectors of a namespace share. */
export const putPlatform = (admin: KubeClient, namespace: string): Promise<KubeObject> =>
  putSecret(admin, namespace, 'quotebridge-platform', {
    MONGODB_URI: `mongodb://${DATABASE}/?replicaSet=rs`,
    NATS_URL: `nats://nats.${NAMESPACE}.svc.cluster.local:4222`,
    ADMIN_TOKEN: 'a-token-of-some-length',
    // The sandboxes are in the cluster's own network.
    OUTBOUND_ALLOW: 'private',
  });

/** Address of the S/4HANA sandbox for pods. */
export const S4_SANDBOX = `http://sandbox.${NAMESPACE}.svc.cluster.local:8443`;
