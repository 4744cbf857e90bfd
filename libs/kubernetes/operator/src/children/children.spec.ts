import { childrenOf } from './children';
import type { Connector } from '../connector';
import type { OperatorSettings } from '../settings';

const connector: Connector = {
  apiVersion: 'connectors.quotebridge.io/v1alpha1',
  kind: 'Connector',
  metadata: { name: 'erp', namespace: 'qb', uid: 'u' },
  spec: { type: 's4hana', replicas: 2 },
};
const SETTINGS: OperatorSettings = {
  image: 'i',
  imagePullSecrets: [],
  platformSecret: 'p',
  operatorNamespace: 'system',
  traceRatio: '0',
};
const childrenWith = (settings: OperatorSettings): ReturnType<typeof childrenOf> =>
  childrenOf(connector, settings, {
    credentials: { hash: undefined },
    platformHash: undefined,
    platformPorts: [],
    restartedAt: undefined,
    canvas: false,
  });

it('processes that are not ready, because their broker is away for example, hold up no drain', () => {
  expect(childrenWith(SETTINGS).get('budget')?.spec).toMatchObject({
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
  });
});

it('connectors trust whom the operator is told to trust, besides the usual ones', () => {
  const podOf = (settings: OperatorSettings): string =>
    JSON.stringify(childrenWith(settings).get('deployment')?.spec);
  const pod = podOf({ ...SETTINGS, trust: { configMap: 'own-ca', key: 'root.pem' } });
  for (const part of [
    { name: 'NODE_EXTRA_CA_CERTS', value: '/etc/quotebridge/trust/ca.crt' },
    { name: 'trust', mountPath: '/etc/quotebridge/trust', readOnly: true },
    { name: 'trust', configMap: { name: 'own-ca', items: [{ key: 'root.pem', path: 'ca.crt' }] } },
  ])
    expect(pod).toContain(JSON.stringify(part));
  expect(podOf(SETTINGS)).not.toContain('trust');
});

it('a start that waits for its servers as long as it may is not taken for one that has given up', () => {
  const spec = childrenWith(SETTINGS).get('deployment')?.spec;
  const text = JSON.stringify(spec);
  const [, period, threshold] =
    /"startupProbe":.*?"periodSeconds":(\d+),"failureThreshold":(\d+)/.exec(text) ?? [];
  expect(text).toContain('{"name":"STARTUP_WAIT","value":"5m"}');
  expect(Number(period) * Number(threshold)).toBeGreaterThan(300);
  expect(spec?.['progressDeadlineSeconds']).toBeGreaterThan(Number(period) * Number(threshold));
});
