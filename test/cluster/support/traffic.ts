import type { JsonObject } from '@quotebridge/platform/core';
import { callObject } from '../../../apps/standalone/src/http';
import { eventually } from '../../e2e/support';
import { ORDER, QUOTE } from './deal';
import type { NodeCluster } from './node-cluster';
import { startScript } from './script-pod';
import { SUITE_WITHIN, type PodSuite } from './suite';
import type { Acknowledged, Changed } from './traffic-faults';

/** What the clients have seen. */
export interface TrafficReport {
  readonly sent: number;
  /** A line for each request that was not answered as it should be. */
  readonly failed: readonly string[];
  readonly acknowledged: readonly Acknowledged[];
  /** Quotes that were accepted. */
  readonly accepted: readonly string[];
}

/** Clients in a pod that use components by their Services. */
export interface Traffic {
  /** Ends the clients after their last answer, and their pod. */
  stop(): Promise<TrafficReport>;
}

const API: Readonly<Record<Changed, string>> = {
  category: 'product-catalog:tmf-api/productCatalogManagement/v4',
  quote: 'quote:tmf-api/quoteManagement/v5',
  productOrder: 'product-order:tmf-api/productOrderingManagement/v5',
};
const addressOf = (of: Changed): string => {
  const [component = '', api = ''] = API[of].split(':');
  return `http://deals-${component}.qb:8080/deals-${component}/${api}`;
};
const BODIES: JsonObject = { quote: QUOTE, productOrder: ORDER };

/** Starts clients that work on these resources of the release, and waits until some of each were made. */
export const startTraffic = async (
  cluster: NodeCluster,
  suite: PodSuite,
  resources: readonly Changed[],
): Promise<Traffic> => {
  const pod = await startScript(cluster, 'clients', 'traffic', {
    TARGETS: JSON.stringify(Object.fromEntries(resources.map((of) => [of, addressOf(of)]))),
    BODIES: JSON.stringify(BODIES),
    API_KEY: await suite.secret('quotebridge-keys', 'ADMIN_API_KEY'),
  });
  const report = async (method: 'GET' | 'POST', way: string): Promise<TrafficReport> =>
    (await callObject(`${pod.url}${way}`, { method })) as unknown as TrafficReport;
  await eventually(
    'the clients to have made something of each',
    async () => {
      const { acknowledged, failed } = await report('GET', '/');
      const isMade = (name: Changed): boolean => acknowledged.some(({ of }) => of === name);
      return failed.length > 0 || resources.every(isMade);
    },
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
