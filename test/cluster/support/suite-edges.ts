import type { KubeObject } from '@quotebridge/kubernetes/client';
import { eventually } from '../../e2e/support';
import { edgesOf } from './edges';
import { COMPONENTS, SUITE_WITHIN, type PodSuite } from './suite';

/** Where the parts of the suite listen. */
const APIS = COMPONENTS.map((name) => `${name}:8080`);
const SERVERS = ['mongodb:27017', 'nats:4222'];
const DOORS = [
  ...APIS,
  ...['operator:8080', 'operator:9443', 'sandbox:8443', 'sandbox:8444'],
  ...['connector/erp:8090', 'connector/crm:8090'],
  ...SERVERS,
];
/** The Service of the API server, the same in each cluster of these tests. */
const API = { name: 'api:443', address: '10.96.0.1:443' };

const edgesOfComponent = (name: string): readonly [string, readonly string[]] => [
  name,
  [...APIS.filter((api) => api !== `${name}:8080`), 'operator:8080', ...SERVERS],
];

/**
 * Who may connect with what in the release of the tests, with `neighbour` a pod of its namespace that is none of the suite,
 * `client` one of the namespace that requests come from, and `stranger` one of any other. Nothing else may.
 */
export const EDGES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(COMPONENTS.map(edgesOfComponent)),
  operator: ['connector/erp:8090', 'connector/crm:8090', 'nats:4222', API.name],
  sandbox: ['connector/erp:8090', 'connector/crm:8090'],
  'connector/erp': ['sandbox:8443', ...SERVERS],
  'connector/crm': ['sandbox:8444', ...SERVERS],
  mongodb: [],
  nats: [],
  neighbour: ['operator:8080', 'connector/erp:8090', 'connector/crm:8090', API.name],
  client: [...APIS, API.name],
  stranger: [API.name],
};

type Others = Readonly<Record<'neighbour' | 'client' | 'stranger', () => Promise<KubeObject | undefined>>>;

const present = (name: string, pod: KubeObject | undefined): KubeObject => {
  if (typeof pod?.status?.['podIP'] !== 'string')
    throw new Error(`There is no pod of ${name} with an address`);
  return pod;
};

const edges = async (suite: PodSuite, others: Others): Promise<typeof EDGES> => {
  const pods: Record<string, KubeObject> = {};
  for (const name of Object.keys(EDGES)) {
    const other = name in others ? others[name as keyof Others] : undefined;
    pods[name] = present(name, other === undefined ? (await suite.readyPods(name))[0] : await other());
  }
  const targets = DOORS.map((door): [string, string] => {
    const [part = '', port] = door.split(':');
    return [door, `${String(pods[part]?.status?.['podIP'])}:${port}`];
  });
  return edgesOf(pods, { ...Object.fromEntries(targets), [API.name]: API.address });
};

/**
 * Which connections the network lets through, tried from inside each pod; gives {@link EDGES} as soon as it is just those,
 * and what it saw at last when it never is.
 */
export const seenEdges = async (suite: PodSuite, others: Others): Promise<typeof EDGES> => {
  let seen: typeof EDGES = {};
  await eventually(
    'the edges of the network',
    async () => {
      seen = await edges(suite, others);
      return JSON.stringify(seen) === JSON.stringify(EDGES);
    },
    SUITE_WITHIN / 4,
  ).catch((error: unknown) => {
    if (Object.keys(seen).length === 0) throw error;
  });
  return seen;
};
