import type { JsonObject } from '@quotebridge/platform/core';
import { pathOf, type KubeClient, type KubeObject } from '@quotebridge/kubernetes/client';
import { K } from './objects';

/** Plays the Deployment controller and the kubelet: what is ordered becomes ready. */
export interface FakeKubelet {
  /** Until it is resumed, what is ordered stays as it is. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const EVERY_MS = 150;

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
  let stopped = false;
  const work = (async () => {
    while (!stopped) {
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      if (paused) continue;
      try {
        const { items } = await admin.list(K.deployment, namespace === undefined ? {} : { namespace });
        for (const deployment of items)
          if (!isSettled(deployment) && !paused) await settle(admin, deployment);
      } catch {
        // The API server is away, or a Deployment has gone meanwhile: the next round tells.
      }
    }
  })();
  return {
    pause: () => (paused = true),
    resume: () => (paused = false),
    stop: async () => {
      stopped = true;
      await work;
    },
  };
};
