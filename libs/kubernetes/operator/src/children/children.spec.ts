import { childrenOf } from './children';
import type { Connector } from '../connector';

const connector: Connector = {
  apiVersion: 'connectors.quotebridge.io/v1alpha1',
  kind: 'Connector',
  metadata: { name: 'erp', namespace: 'qb', uid: 'u' },
  spec: { type: 's4hana', replicas: 2 },
};

it('processes that are not ready, because their broker is away for example, hold up no drain', () => {
  const settings = {
    ...{
      image: 'i',
      imagePullSecrets: [],
      platformSecret: 'p',
      operatorNamespace: 'system',
      traceRatio: '0',
    },
  };
  const inputs = { platformHash: undefined, platformPorts: [], restartedAt: undefined, canvas: false };
  const { spec } = childrenOf(connector, settings, { ...inputs, credentials: undefined }).get('budget') ?? {};
  expect(spec).toMatchObject({ maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow' });
});
