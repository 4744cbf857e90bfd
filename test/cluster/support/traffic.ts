import { callObject } from '../../../apps/standalone/src/http';
import type { Acknowledged } from '../../chaos/load';
import { eventually } from '../../e2e/support';
import type { NodeCluster } from './node-cluster';
import { startScript } from './script-pod';
import { SUITE_WITHIN } from './suite';

/** What the clients have seen. */
export interface TrafficReport {
  readonly sent: number;
  /** A line for each request that was not answered as it should be. */
  readonly failed: readonly string[];
  readonly acknowledged: readonly Acknowledged[];
}

/** Clients in a pod that use the product catalog by its Service. */
export interface Traffic {
  /** Ends the clients after their last answer, and their pod. */
  stop(): Promise<TrafficReport>;
}

/** Starts clients of the API at `TARGET`, an address in the cluster, and waits until something was made. */
export const startTraffic = async (
  cluster: NodeCluster,
  namespace: string,
  env: { readonly TARGET: string; readonly API_KEY: string },
): Promise<Traffic> => {
  const pod = await startScript(cluster, namespace, 'traffic', env);
  const report = async (method: 'GET' | 'POST', way: string): Promise<TrafficReport> =>
    (await callObject(`${pod.url}${way}`, { method })) as unknown as TrafficReport;
  await eventually(
    'the clients to have made something',
    async () => (await report('GET', '/')).acknowledged.length > 0,
    SUITE_WITHIN,
  );
  return {
    stop: async () => {
      const last = await report('POST', '/stop');
      await pod.stop();
      return last;
    },
  };
};
