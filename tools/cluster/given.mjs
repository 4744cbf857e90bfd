// Prints what the tests want to know of the cluster of KUBECONFIG:  node tools/cluster/given.mjs
import { pathToFileURL } from 'node:url';
import { runTool, SetupError } from '../lib/say.mjs';
import { addressIn, givenFile } from './kubeconfig.mjs';
import { apiFor } from './node/api.mjs';

/**
 * The cluster of KUBECONFIG: `{ address, hasNodes }`; undefined when none is given. Throws a SetupError when it cannot be used.
 */
export const givenCluster = async (env = process.env) => {
  const file = givenFile(env);
  if (file === undefined) return undefined;
  const address = addressIn(file);
  const { status, body } = await apiFor(address)('GET', '/api/v1/nodes?limit=1');
  if (status === 0) throw new SetupError(`Nobody answers at ${address.url}, the cluster of KUBECONFIG.`);
  if (status !== 200)
    throw new SetupError(
      `The cluster of KUBECONFIG answers ${status} to who wants to see its nodes: the tests need an administrator.`,
    );
  return { address, hasNodes: body.items.length > 0 };
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await runTool(async () => {
    process.stdout.write(`${JSON.stringify(await givenCluster())}\n`);
    return 0;
  });
