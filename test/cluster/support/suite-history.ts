import { envelopesInStream, eventually } from '../../e2e/support';
import { historyFaults, settledResources } from './history';
import { COMPONENTS, SUITE_WITHIN, type PodSuite } from './suite';

/**
 * Where what the suite has stored does not agree with what it told; empty when it does. Work may still be under way while it
 * is read; a true fault stays.
 */
export const suiteFaults = async (suite: PodSuite): Promise<readonly string[]> => {
  let faults: readonly string[] = [];
  const isWell = async (): Promise<boolean> => {
    const { client } = await suite.primary();
    try {
      const resources = await settledResources(client, COMPONENTS, SUITE_WITHIN);
      faults = historyFaults(resources, await envelopesInStream(await suite.broker()));
      return faults.length === 0;
    } finally {
      await client.close();
    }
  };
  await eventually('a history without faults', isWell, SUITE_WITHIN / 8).catch((error: unknown) => {
    if (faults.length === 0) throw error;
  });
  return faults;
};
