import type { Clock } from '@quotebridge/platform/core';
import { apiVersionOf, type KubeClient, type ResourceType } from '@quotebridge/kubernetes/client';
import { CONNECTORS, type Connector } from './connector';
import type { Notice } from './decide';

const EVENTS: ResourceType = { group: 'events.k8s.io', version: 'v1', kind: 'Event', plural: 'events' };

/** Shows notices as Events of a Connector (`kubectl describe`, `kubectl get events`). A lost one loses nothing else. */
export const recordNotices = async (
  {
    client,
    clock,
    instance,
  }: { readonly client: KubeClient; readonly clock: Clock; readonly instance: string },
  { metadata }: Connector,
  notices: readonly Notice[],
): Promise<void> => {
  const { namespace = 'default', name, uid = '', resourceVersion = '' } = metadata;
  for (const { type, reason, message } of notices) {
    await client.create(EVENTS, namespace, {
      apiVersion: apiVersionOf(EVENTS),
      kind: EVENTS.kind,
      metadata: { generateName: `${name}-`, namespace },
      eventTime: new Date(clock.now()).toISOString().replace('Z', '000Z'),
      reportingController: 'quotebridge.io/operator',
      reportingInstance: instance.slice(0, 120),
      action: 'Reconcile',
      type,
      reason,
      note: message,
      regarding: {
        apiVersion: apiVersionOf(CONNECTORS),
        kind: CONNECTORS.kind,
        namespace,
        name,
        uid,
        resourceVersion,
      },
    });
  }
};
