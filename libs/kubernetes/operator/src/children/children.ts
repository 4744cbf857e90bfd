import type { JsonObject } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { instanceOf, settingsOf, type Connector } from '../connector';
import { CONNECTOR_PORT, type OperatorSettings } from '../settings';
import { APPLIED, childName, childOf, selectorOf, type ChildKind } from './common';
import { deploymentOf } from './deployment';
import { fingerprint } from './fingerprint';
import { networkPolicyOf } from './network-policy';

/** What children are made from besides the Connector. */
export interface ChildInputs {
  /** Undefined: the credentials are not usable, so nothing that needs them is made. */
  readonly credentials: { readonly hash: string | undefined } | undefined;
  /** See `PodInputs`. */
  readonly platformHash: string | undefined;
  /** Where MongoDB and NATS listen; undefined: that is not known, and the policy stays as it is. */
  readonly platformPorts: readonly number[] | undefined;
  readonly restartedAt: string | undefined;
  /** Whether the ODA Canvas is there to take an ExposedAPI. */
  readonly canvas: boolean;
}

const configOf = (connector: Connector): JsonObject => ({
  'settings.json': JSON.stringify(settingsOf(connector)),
  'streams.json': JSON.stringify({
    streams: connector.spec.streams ?? [],
    actions: connector.spec.actions ?? [],
  }),
});

// The Canvas finds what belongs to a component by this label.
const COMPONENT = 'oda.tmforum.org/componentName';

/** The label of the component goes on to the EndpointSlices of the Service: from those a Canvas learns that an API is ready. */
const serviceOf = (connector: Connector): KubeObject => {
  const { exposedApi } = connector.spec;
  return childOf(
    connector,
    'service',
    {
      spec: {
        type: 'ClusterIP',
        selector: selectorOf(connector),
        ports: [{ name: 'http', port: CONNECTOR_PORT, targetPort: 'http', protocol: 'TCP' }],
      },
    },
    exposedApi === undefined ? {} : { [COMPONENT]: exposedApi.componentName },
  );
};

const budgetOf = (connector: Connector): KubeObject | undefined =>
  (connector.spec.replicas ?? 1) < 2
    ? undefined
    : childOf(connector, 'budget', {
        spec: {
          maxUnavailable: 1,
          // A pod that is not ready, because its broker is away for example, holds up no drain.
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
          selector: { matchLabels: selectorOf(connector) },
        },
      });

const exposedApiOf = (connector: Connector, canvas: boolean): KubeObject | undefined => {
  const api = connector.spec.exposedApi;
  if (api === undefined || !canvas) return undefined;
  return childOf(
    connector,
    'exposedApi',
    {
      spec: {
        name: instanceOf(connector),
        apiType: 'openapi',
        segment: 'managementFunction',
        specification: { ...api.specification },
        implementation: childName(connector),
        path: api.path,
        port: CONNECTOR_PORT,
        required: false,
      },
    },
    { [COMPONENT]: api.componentName },
  );
};

const sealed = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, annotations: { [APPLIED]: fingerprint(object) } },
});

/** Every child as it is to be; undefined: it is not to be there. A kind that is left out stays as it is. */
export const childrenOf = (
  connector: Connector,
  settings: OperatorSettings,
  inputs: ChildInputs,
): ReadonlyMap<ChildKind, KubeObject | undefined> => {
  const config = configOf(connector);
  const { platformPorts } = inputs;
  const policy: [ChildKind, KubeObject][] =
    platformPorts === undefined
      ? []
      : [['networkPolicy', networkPolicyOf(connector, settings, platformPorts)]];
  const wanted: [ChildKind, KubeObject | undefined][] = [
    ['serviceAccount', childOf(connector, 'serviceAccount', { automountServiceAccountToken: false })],
    ['configMap', childOf(connector, 'configMap', { data: config })],
    ['service', serviceOf(connector)],
    ...policy,
    ['budget', budgetOf(connector)],
    ['exposedApi', exposedApiOf(connector, inputs.canvas)],
  ];
  if (inputs.credentials !== undefined) {
    const pod = {
      configHash: fingerprint(config),
      credentialsHash: inputs.credentials.hash,
      platformHash: inputs.platformHash,
      restartedAt: inputs.restartedAt,
    };
    wanted.push(['deployment', deploymentOf(connector, settings, pod)]);
  }
  return new Map(wanted.map(([kind, object]) => [kind, object === undefined ? undefined : sealed(object)]));
};
