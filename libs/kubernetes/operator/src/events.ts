import type { Clock } from '@quotebridge/platform/core';
import { apiVersionOf, type KubeClient, type ResourceType } from '@quotebridge/kubernetes/client';
import { CONNECTORS, type Connector } from './connector';
import type { Notice } from './decide';

const EVENTS: ResourceType = { group: 'events.k8s.io', version: 'v1', kind: 'Event', plural: 'events' };

/** Bytes of a note that the API server takes. */
const LONGEST_NOTE = 1_024;

const noteOf = (message: string): string => {
  const bytes = Buffer.from(message);
  if (bytes.length <= LONGEST_NOTE) return message;
  // A letter that was cut in two is left out.
  return `${bytes
    .subarray(0, LONGEST_NOTE - 3)
    .toString('utf8')
    .replace(/\ufffd$/, '')}…`;
};

/** Shows notices as Events of a Connector (`kubectl describe`, `kubectl get events`). A lost one loses nothing else. */
export const recordNotices = async (
  {
    client,
    clock,
    instance,
  }: { readonly client: Pick<KubeClient, 'create'>; readonly clock: Clock; readonly instance: string },
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
      note: noteOf(message),
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
