import { objectsAt, type JsonObject } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';

/** How far the Deployment of a connector is. */
export interface Rollout {
  /** `absent`: there is no Deployment; `stuck`: it has given up by its own deadline. */
  readonly phase: 'absent' | 'moving' | 'stuck' | 'settled';
  readonly ready: number;
  readonly wanted: number;
  /** Why pods cannot be made (a quota, a policy), as the API server says it. */
  readonly refusal?: string;
}

const count = (status: JsonObject, name: string): number => {
  const value = status[name];
  return typeof value === 'number' ? value : 0;
};

const conditionIn = (status: JsonObject, type: string): JsonObject =>
  objectsAt(status, 'conditions').find((one) => one['type'] === type) ?? {};

const gaveUp = (status: JsonObject): boolean =>
  conditionIn(status, 'Progressing')['reason'] === 'ProgressDeadlineExceeded';

const refusalIn = (status: JsonObject): { readonly refusal?: string } => {
  const { status: holds, message } = conditionIn(status, 'ReplicaFailure');
  return holds === 'True' && typeof message === 'string' ? { refusal: message } : {};
};

/** Reads a Deployment the way `kubectl rollout status` does. */
export const rolloutOf = (deployment: KubeObject | undefined): Rollout => {
  if (deployment === undefined) return { phase: 'absent', ready: 0, wanted: 0 };
  const { spec = {}, status = {}, metadata } = deployment;
  const wanted = typeof spec['replicas'] === 'number' ? spec['replicas'] : 1;
  const ready = count(status, 'readyReplicas');
  const seen = count(status, 'observedGeneration') >= (metadata.generation ?? 0);
  const settled =
    seen &&
    count(status, 'updatedReplicas') === wanted &&
    count(status, 'replicas') === wanted &&
    count(status, 'availableReplicas') >= wanted;
  if (settled) return { phase: 'settled', ready, wanted };
  return { phase: seen && gaveUp(status) ? 'stuck' : 'moving', ready, wanted, ...refusalIn(status) };
};
