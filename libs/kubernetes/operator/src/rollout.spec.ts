import type { JsonObject } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { rolloutOf } from './rollout';

const deployment = (replicas: number, status: JsonObject): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', generation: 2 },
  spec: { replicas },
  status,
});

const full = (n: number): JsonObject => ({
  observedGeneration: 2,
  replicas: n,
  updatedReplicas: n,
  readyReplicas: n,
  availableReplicas: n,
});

describe('rolloutOf', () => {
  it.each<[string, KubeObject | undefined, string]>([
    ['no Deployment', undefined, 'absent'],
    ['a new one', deployment(1, {}), 'moving'],
    [
      'a controller that has not seen the change',
      deployment(1, { ...full(1), observedGeneration: 1 }),
      'moving',
    ],
    ['old pods beside new ones', deployment(1, { ...full(1), replicas: 2 }), 'moving'],
    ['all as ordered', deployment(2, full(2)), 'settled'],
    ['stopped', deployment(0, { observedGeneration: 2 }), 'settled'],
    [
      'one that has given up',
      deployment(1, {
        observedGeneration: 2,
        conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }],
      }),
      'stuck',
    ],
  ])('%s', (_what, object, phase) => {
    expect(rolloutOf(object).phase).toBe(phase);
  });

  it.each([
    ['True', 'pods "d-1" is forbidden: exceeded quota'],
    ['False', undefined],
  ])('why no pod can be made is told while it is so: %s', (status, refusal) => {
    const failure = { type: 'ReplicaFailure', status, message: 'pods "d-1" is forbidden: exceeded quota' };
    expect(rolloutOf(deployment(1, { observedGeneration: 2, conditions: [failure] })).refusal).toBe(refusal);
  });
});
