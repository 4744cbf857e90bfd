import { systemClock, type JsonObject } from '@quotebridge/platform/core';
import { keyOf, Mirror, pathOf, type KubeClient, type KubeObject } from '@quotebridge/kubernetes/client';
import { K } from './objects';

/** Plays the Deployment controller and the kubelet: what is ordered becomes ready. */
export interface FakeKubelet {
  /** Until it is resumed, what is ordered stays as it is. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const isSettled = ({ metadata, spec = {}, status = {} }: KubeObject): boolean =>
  status['observedGeneration'] === metadata.generation && (status['readyReplicas'] ?? 0) === spec['replicas'];

const settle = async (admin: KubeClient, deployment: KubeObject): Promise<void> => {
  const { namespace, name, generation } = deployment.metadata;
  const count = deployment.spec?.['replicas'] ?? 1;
  const status: JsonObject = {
    observedGeneration: generation,
    replicas: count,
    updatedReplicas: count,
    readyReplicas: count,
    availableReplicas: count,
  };
  await admin.call({
    method: 'PATCH',
    path: `${pathOf(K.deployment, namespace, name)}/status`,
    contentType: 'application/merge-patch+json',
    body: { status },
  });
};

/** Starts to make Deployments ready in one namespace, or in all. */
export const startKubelet = (admin: KubeClient, namespace?: string): FakeKubelet => {
  let paused = false;
  const open = new Set<string>();
  let working = Promise.resolve();
  const work = async (): Promise<void> => {
    for (const key of [...open]) {
      const deployment = mirror.get(key);
      open.delete(key);
      // One that has gone meanwhile, or an API server that is away: the next change or list tells.
      if (deployment !== undefined && !paused && !isSettled(deployment))
        await settle(admin, deployment).catch(() => undefined);
    }
  };
  const look = (key: string): void => {
    open.add(key);
    if (!paused) working = working.then(work);
  };
  const mirror = new Mirror({
    client: admin,
    type: K.deployment,
    selection: namespace === undefined ? {} : { namespace },
    clock: systemClock,
    random: Math.random,
    relistMs: 30_000,
    silenceMs: 60_000,
    changed: (now) => (now === undefined ? undefined : look(keyOf(now))),
    trouble: () => undefined,
  });
  mirror.start();
  return {
    pause: () => (paused = true),
    resume: () => {
      paused = false;
      for (const deployment of mirror.values()) look(keyOf(deployment));
    },
    stop: async () => {
      await mirror.stop();
      await working;
    },
  };
};
