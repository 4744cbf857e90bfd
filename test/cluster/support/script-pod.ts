import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { eventually } from '../../e2e/support';
import type { NodeCluster } from './node-cluster';
import { K } from './objects';
import { SUITE_WITHIN } from './suite';

/** Where every script listens. */
const PORT = 9000;
const FOLDER = path.resolve(__dirname, '../pods');

/** A script of ../pods that runs as a pod with a Service of its name. */
export interface ScriptPod {
  /** Where it answers, for the test. */
  readonly url: string;
  /** It, as it is now. */
  pod(): Promise<KubeObject | undefined>;
  /** Ends it and waits until nothing of it is left. */
  stop(): Promise<void>;
}

/** What its environment holds. */
type ScriptEnv = Readonly<Record<string, string>>;

const podOf = (name: string, env: ScriptEnv): JsonObject => ({
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  terminationGracePeriodSeconds: 1,
  securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name,
      image: 'quotebridge/admin:0.1.0',
      command: ['node', `/script/${name}.mjs`],
      env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
      readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 1 },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      volumeMounts: [{ name: 'script', mountPath: '/script' }],
    },
  ],
  volumes: [{ name: 'script', configMap: { name } }],
});

/** Starts `../pods/NAME.mjs` as a pod and waits until it answers at its root. */
export const startScript = async (
  { admin, reach }: NodeCluster,
  namespace: string,
  name: string,
  env: ScriptEnv = {},
): Promise<ScriptPod> => {
  const metadata = { name, namespace, labels: { script: name } };
  const objects: readonly (readonly [keyof typeof K, object])[] = [
    ['configMap', { data: { [`${name}.mjs`]: readFileSync(path.join(FOLDER, `${name}.mjs`), 'utf8') } }],
    ['service', { spec: { selector: { script: name }, ports: [{ port: PORT }] } }],
    ['pod', { spec: podOf(name, env) }],
  ];
  for (const [key, content] of objects) {
    const { kind } = K[key];
    await admin.create(K[key], namespace, { apiVersion: 'v1', kind, metadata, ...content });
  }
  const url = `http://127.0.0.1:${await reach(`${name}.${namespace}.svc.cluster.local:${PORT}`)}`;
  await eventually(
    `the pod ${name} to answer`,
    () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    SUITE_WITHIN,
  );
  return {
    url,
    pod: () => admin.get(K.pod, namespace, name),
    stop: async () => {
      for (const [key] of objects) await admin.remove(K[key], namespace, name);
      await eventually(
        `the pod ${name} to go`,
        async () => (await admin.get(K.pod, namespace, name)) === undefined,
        SUITE_WITHIN,
      );
    },
  };
};
