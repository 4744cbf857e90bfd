import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from '@quotebridge/platform/core';
import {
  isKubeError,
  pathOf,
  type KubeClient,
  type KubeObject,
  type ResourceType,
} from '@quotebridge/kubernetes/client';
import { CONNECTORS, type Connector } from '@quotebridge/kubernetes/operator';
import { parse } from 'yaml';
import { eventually } from '../../e2e/support/eventually';

const type = (group: string, version: string, kind: string, plural: string): ResourceType => ({
  group,
  version,
  kind,
  plural,
});

/** Kinds that the tests look at. */
export const K = {
  crd: type('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', 'customresourcedefinitions'),
  namespace: type('', 'v1', 'Namespace', 'namespaces'),
  configMap: type('', 'v1', 'ConfigMap', 'configmaps'),
  secret: type('', 'v1', 'Secret', 'secrets'),
  service: type('', 'v1', 'Service', 'services'),
  serviceAccount: type('', 'v1', 'ServiceAccount', 'serviceaccounts'),
  pod: type('', 'v1', 'Pod', 'pods'),
  volume: type('', 'v1', 'PersistentVolume', 'persistentvolumes'),
  deployment: type('apps', 'v1', 'Deployment', 'deployments'),
  statefulSet: type('apps', 'v1', 'StatefulSet', 'statefulsets'),
  networkPolicy: type('networking.k8s.io', 'v1', 'NetworkPolicy', 'networkpolicies'),
  budget: type('policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  exposedApi: type('oda.tmforum.org', 'v1', 'ExposedAPI', 'exposedapis'),
  event: type('events.k8s.io', 'v1', 'Event', 'events'),
  role: type('rbac.authorization.k8s.io', 'v1', 'Role', 'roles'),
  clusterRole: type('rbac.authorization.k8s.io', 'v1', 'ClusterRole', 'clusterroles'),
  roleBinding: type('rbac.authorization.k8s.io', 'v1', 'RoleBinding', 'rolebindings'),
  clusterRoleBinding: type('rbac.authorization.k8s.io', 'v1', 'ClusterRoleBinding', 'clusterrolebindings'),
  validatingWebhook: type(
    'admissionregistration.k8s.io',
    'v1',
    'ValidatingWebhookConfiguration',
    'validatingwebhookconfigurations',
  ),
  lease: type('coordination.k8s.io', 'v1', 'Lease', 'leases'),
} as const;

const CRDS = path.resolve(__dirname, '../../../crds');
const EXPOSED_API = path.resolve(__dirname, '../crds/oda-exposedapi.yaml');

const isServed = async (admin: KubeClient, kind: ResourceType): Promise<boolean> => {
  try {
    await admin.list(kind, {});
    return true;
  } catch (thrown) {
    if (isKubeError(thrown, 404)) return false;
    throw thrown;
  }
};

const installDefinition = async (admin: KubeClient, kind: ResourceType, file: string): Promise<void> => {
  await admin.apply(K.crd, parse(readFileSync(file, 'utf8')) as KubeObject);
  await eventually(`${kind.plural} to be served`, () => isServed(admin, kind));
};

/** Installs what a Canvas brings for APIs of its components, and waits until it is served. */
export const installCanvas = (admin: KubeClient): Promise<void> =>
  installDefinition(admin, K.exposedApi, EXPOSED_API);

/** Takes it away with all its objects. */
export const removeCanvas = async (admin: KubeClient): Promise<void> => {
  await admin.remove(K.crd, undefined, `${K.exposedApi.plural}.${K.exposedApi.group}`);
  await eventually('the Canvas to be gone', async () => !(await isServed(admin, K.exposedApi)));
};

/** Applies the CRDs of crds/ and the Canvas' ExposedAPI, and waits until they are served. */
export const installCrds = async (admin: KubeClient): Promise<void> => {
  for (const file of readdirSync(CRDS)) await installDefinition(admin, CONNECTORS, path.join(CRDS, file));
  await installCanvas(admin);
};

export const makeNamespace = (admin: KubeClient, name: string): Promise<KubeObject> =>
  admin.create(K.namespace, undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

/** Makes or replaces a Secret of plain texts. */
export const putSecret = (
  admin: KubeClient,
  namespace: string,
  name: string,
  stringData: Readonly<Record<string, string>>,
): Promise<KubeObject> =>
  admin.apply(K.secret, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    stringData,
  } as unknown as KubeObject);

/** A spec that is right. */
export const S4_SPEC: JsonObject = {
  type: 's4hana',
  s4hana: {
    baseUrl: 'https://s4.example.com',
    auth: { kind: 'basic', user: 'QUOTEBRIDGE' },
    salesOrganization: '1710',
    distributionChannel: '10',
  },
  credentialsSecretRef: { name: 's4-login' },
};

/** A Connector as a person would write it. */
export const connectorOf = (
  namespace: string,
  name: string,
  spec: JsonObject = S4_SPEC,
  annotations: Readonly<Record<string, string>> = {},
): KubeObject => ({
  apiVersion: 'connectors.quotebridge.io/v1alpha1',
  kind: 'Connector',
  metadata: { name, namespace, annotations },
  spec,
});

/** Creates an object the way kubectl does: unknown fields are refused. */
export const create = (admin: KubeClient, kind: ResourceType, object: KubeObject): Promise<KubeObject> =>
  admin.call({
    method: 'POST',
    path: pathOf(kind, object.metadata.namespace),
    query: { fieldValidation: 'Strict' },
    body: object,
  });

/** The Connector of that name as it is now. */
export const readConnector = async (
  admin: KubeClient,
  namespace: string,
  name: string,
): Promise<Connector | undefined> => (await admin.get(CONNECTORS, namespace, name)) as Connector | undefined;

/** A condition of a Connector as `status reason`. */
export const conditionText = (connector: Connector | undefined, type: string): string | undefined => {
  const found = connector?.status?.conditions?.find((condition) => condition.type === type);
  return found === undefined ? undefined : `${found.status} ${found.reason}`;
};
