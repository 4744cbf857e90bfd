import { startCluster, type TestCluster } from './cluster';
import { startConnectorProcesses, type ConnectorProcesses } from './connector-processes';
import { startKubelet, type FakeKubelet } from './kubelet';
import { installCrds, makeNamespace, putSecret } from './objects';
import { operatorAccount, type OperatorAccount } from './operator';

/** What is around operators: an API server, what becomes of Deployments, and connector processes. Namespaces `qb` and `qb-system`. */
export interface OperatorWorld {
  readonly cluster: TestCluster;
  readonly processes: ConnectorProcesses;
  readonly kubelet: FakeKubelet;
  /** Who operators are. */
  readonly account: OperatorAccount;
  stop(): Promise<void>;
}

/** Makes it on a cluster that is started with those options; no operator runs yet. */
export const startOperatorWorld = async (...options: readonly string[]): Promise<OperatorWorld> => {
  const cluster = await startCluster(...options);
  const { admin } = cluster;
  await installCrds(admin);
  await makeNamespace(admin, 'qb-system');
  await makeNamespace(admin, 'qb');
  await putSecret(admin, 'qb', 's4-login', { password: 'p' });
  const processes = await startConnectorProcesses();
  const kubelet = startKubelet(admin);
  const account = await operatorAccount(cluster, 'qb-system');
  return {
    cluster,
    processes,
    kubelet,
    account,
    stop: async () => {
      await kubelet.stop();
      await processes.stop();
      account.remove();
      await cluster.stop();
    },
  };
};
