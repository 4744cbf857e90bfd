import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KubeClient, KubeObject } from '@quotebridge/kubernetes/client';
import { leaseRules, operatorRules, type PolicyRule } from '@quotebridge/kubernetes/operator';
import { startProcess, type TestProcess } from '../../e2e/support';
import type { TestCluster } from './cluster';
import { K } from './objects';

const RBAC = 'rbac.authorization.k8s.io';

const bind = async (
  admin: KubeClient,
  scope: string | undefined,
  name: string,
  account: { readonly name: string; readonly namespace: string },
  rules: readonly PolicyRule[],
): Promise<void> => {
  const [role, binding] =
    scope === undefined ? [K.clusterRole, K.clusterRoleBinding] : [K.role, K.roleBinding];
  const metadata = { name, ...(scope === undefined ? {} : { namespace: scope }) };
  const apiVersion = `${RBAC}/v1`;
  await admin.apply(role, { apiVersion, kind: role.kind, metadata, rules } as unknown as KubeObject);
  await admin.apply(binding, {
    apiVersion,
    kind: binding.kind,
    metadata,
    roleRef: { apiGroup: RBAC, kind: role.kind, name },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  } as unknown as KubeObject);
};

/** An identity for operators with exactly the rights that the code says they need. */
export interface OperatorAccount {
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

/** Makes a ServiceAccount with a token. `watch`: only this namespace, by a Role in it. */
export const operatorAccount = async (
  { admin, address }: TestCluster,
  namespace: string,
  options: { readonly rules?: readonly PolicyRule[]; readonly watch?: string } = {},
): Promise<OperatorAccount> => {
  const account = { name: 'quotebridge-operator', namespace };
  await admin.apply(K.serviceAccount, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account });
  await bind(admin, options.watch, `${namespace}-operator`, account, options.rules ?? operatorRules);
  await bind(admin, namespace, 'quotebridge-operator-lease', account, leaseRules);
  const answer = await admin.call<{ status: { token: string } }>({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${account.name}/token`,
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 7_200 },
    },
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'qb-operator-'));
  const [tokenFile, caFile] = [path.join(folder, 'token'), path.join(folder, 'ca.crt')];
  writeFileSync(tokenFile, answer.status.token, { mode: 0o600 });
  writeFileSync(caFile, address.ca ?? '');
  return {
    env: {
      KUBE_API_URL: address.url,
      KUBE_TOKEN_FILE: tokenFile,
      KUBE_CA_FILE: caFile,
      OPERATOR_NAMESPACE: namespace,
      ...(options.watch === undefined ? {} : { WATCH_NAMESPACE: options.watch }),
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** Starts an operator process; its own log lines are in `lines()`. */
export const startOperatorProcess = (
  account: OperatorAccount,
  connectorUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<TestProcess> =>
  startProcess('operator', {
    CONNECTOR_IMAGE: 'registry.example/quotebridge-connector:1',
    CONNECTOR_URL: connectorUrl,
    POLL_INTERVAL: '1s',
    // One that cannot renew ends itself, and nobody starts it again here: longer than a disk stands still.
    LEASE_DURATION: '2m',
    LOG_LEVEL: 'debug',
    ...account.env,
    ...env,
  });

/** Takes the lease of operators that were killed away, so that the next one need not wait until it is over. */
export const forgetLease = ({ admin }: TestCluster, namespace = 'qb-system'): Promise<void> =>
  admin.remove(K.lease, namespace, 'quotebridge-operator');

/** A number out of the operator's metrics, summed over label values or only those with `label`; 0 when it is not there. */
export const metricOf = async (operator: TestProcess, name: string, label = ''): Promise<number> => {
  const text = await (await fetch(`${operator.url}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
};
