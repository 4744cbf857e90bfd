import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { KubeError } from '@quotebridge/kubernetes/client';
import { CONNECTORS } from '@quotebridge/kubernetes/operator';
import { connectorOf, create, installCrds, S4_SPEC, startCluster, type TestCluster } from './support';

const S4 = S4_SPEC['s4hana'] as JsonObject;
const SALESFORCE: JsonObject = {
  type: 'salesforce',
  salesforce: { instanceUrl: 'https://org.example.com', clientId: 'c', offeringSource: 's4hana' },
};

const withS4 = (change: JsonObject): JsonObject => ({ ...S4_SPEC, s4hana: { ...S4, ...change } });

describe('the Connector CRD on a real API server', () => {
  let cluster: TestCluster;
  let count = 0;
  beforeAll(async () => {
    cluster = await startCluster();
    await installCrds(cluster.admin);
  });
  afterAll(() => cluster.stop());

  const put = (spec: JsonObject, name = `c${(count += 1)}`): ReturnType<typeof create> =>
    create(cluster.admin, CONNECTORS, connectorOf('default', name, spec));

  const refusal = async (spec: JsonObject, name?: string): Promise<string> => {
    try {
      await put(spec, name);
    } catch (thrown) {
      if (thrown instanceof KubeError) return thrown.message;
      throw thrown;
    }
    return 'it was accepted';
  };

  it.each<[string, JsonObject]>([
    ['S/4HANA with a user', S4_SPEC],
    [
      'S/4HANA with an OAuth client',
      withS4({ auth: { kind: 'clientCredentials', clientId: 'c', tokenUrl: 'https://id.example.com/t' } }),
    ],
    ['Salesforce', SALESFORCE],
    [
      'everything at once',
      {
        ...S4_SPEC,
        instance: 'erp',
        state: 'Paused',
        replicas: 2,
        logLevel: 'debug',
        rateBudget: { perSecond: 5, perDay: 10_000 },
        streams: [
          { name: 'productOfferings', schedule: '0 2 * * *', timeZone: 'Europe/Berlin', mode: 'delta' },
          { name: 'productSpecifications', enabled: false, mapping: { name: 'Product & "!"' } },
        ],
        actions: [{ name: 'createSalesOrder', enabled: false }],
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: 536870912 } },
        network: { egress: [{ cidr: '203.0.113.0/24', ports: [443, 8443] }] },
        exposedApi: {
          path: '/prod-quote/webhooks',
          specification: { url: 'https://docs.example.com/webhooks.json', version: 'v1' },
          componentName: 'prod-quote',
        },
      },
    ],
  ])('accepts %s', async (_what, spec) => {
    const made = await put(spec);
    expect(made.metadata.uid).toEqual(expect.any(String));
  });

  it('fills in what is the same for all', async () => {
    expect((await put(S4_SPEC)).spec).toMatchObject({ state: 'Running', replicas: 1 });
  });

  it.each<[string, JsonObject, string]>([
    ['an unknown type', { type: 'fax' }, 'Unsupported value: "fax"'],
    [
      'a type without its settings',
      { type: 's4hana' },
      'type is s4hana: its settings belong under spec.s4hana',
    ],
    [
      'settings of another type',
      { ...S4_SPEC, ...SALESFORCE, type: 's4hana' },
      'spec.salesforce has no meaning unless type is salesforce',
    ],
    [
      'a setting that is missing',
      { ...S4_SPEC, s4hana: { auth: { kind: 'basic', user: 'U' } } },
      'spec.s4hana.baseUrl: Required value',
    ],
    ['a typo in a setting', withS4({ baseURL: 'https://x' }), 'unknown field "spec.s4hana.baseURL"'],
    ['a number out of range', withS4({ pageSize: 0 }), 'spec.s4hana.pageSize'],
    [
      'what the way to sign in needs',
      withS4({ auth: { kind: 'basic' } }),
      'user is needed when kind is basic',
    ],
    [
      'what belongs to another way to sign in',
      withS4({ auth: { kind: 'basic', user: 'U', clientId: 'c' } }),
      'clientId has no meaning when kind is basic',
    ],
    ['a stream twice', { ...S4_SPEC, streams: [{ name: 'a' }, { name: 'a' }] }, 'Duplicate value'],
    [
      'a schedule that is none',
      { ...S4_SPEC, streams: [{ name: 'a', schedule: 'nightly' }] },
      'spec.streams[0].schedule',
    ],
    [
      'a time zone without a schedule',
      { ...S4_SPEC, streams: [{ name: 'a', timeZone: 'UTC' }] },
      'timeZone says nothing without a schedule',
    ],
    [
      'a state there is not',
      { ...S4_SPEC, state: 'Sleeping' },
      'supported values: "Running", "Paused", "Stopped"',
    ],
    [
      'a network that is none',
      { ...S4_SPEC, network: { egress: [{ cidr: '10.0.0.0/33' }] } },
      'is no network such as 203.0.113.0/24',
    ],
    [
      'a quantity that is none',
      { ...S4_SPEC, resources: { limits: { memory: 'plenty' } } },
      'spec.resources.limits.memory',
    ],
    [
      'an exposed path at the root',
      {
        ...S4_SPEC,
        exposedApi: { path: '/', specification: { url: 'https://x.example' }, componentName: 'c' },
      },
      'spec.exposedApi.path',
    ],
  ])('refuses %s with a sentence', async (_what, spec, sentence) => {
    expect(await refusal(spec)).toContain(sentence);
  });

  it('refuses a name that cannot name an instance', async () => {
    expect(await refusal(S4_SPEC, 'a'.repeat(41))).toContain('metadata.name must have at most 40');
    expect(await refusal(S4_SPEC, 'a.b')).toContain('metadata.name must have at most 40');
  });

  it.each<[string, JsonObject, JsonObject, string]>([
    ['the type', S4_SPEC, SALESFORCE, 'type cannot be changed'],
    [
      'the instance',
      { ...S4_SPEC, instance: 'erp1' },
      { ...S4_SPEC, instance: 'erp2' },
      'instance cannot be changed',
    ],
    ['whether there is an instance', S4_SPEC, { ...S4_SPEC, instance: 'erp3' }, 'instance cannot be changed'],
  ])('never changes %s', async (_what, before, after, sentence) => {
    const made = await put(before);
    const changed = cluster.admin.replace(CONNECTORS, { ...made, spec: after });
    await expect(changed).rejects.toThrow(sentence);
  });

  it('keeps status apart from spec', async () => {
    const made = await put(S4_SPEC);
    const after = await cluster.admin.replace(CONNECTORS, { ...made, status: { phase: 'Running' } });
    expect(after.status).toBeUndefined();
    expect(after.metadata.generation).toBe(1);
  });

  it('is shown as a table with what a person asks first', async () => {
    await put(S4_SPEC, 'shown');
    const table = await cluster.admin.call<{
      columnDefinitions: { name: string; priority: number }[];
      rows: { cells: unknown[] }[];
    }>({
      method: 'GET',
      path: '/apis/connectors.quotebridge.io/v1alpha1/namespaces/default/connectors/shown',
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    const names = table.columnDefinitions.filter(({ priority }) => priority === 0).map(({ name }) => name);
    expect(names).toEqual(['Name', 'Type', 'State', 'Ready', 'Last sync', 'Lag', 'Age']);
    expect(table.rows[0]?.cells.slice(0, 2)).toEqual(['shown', 's4hana']);
  });

  it('answers to its short names and its category', async () => {
    const found = await cluster.admin.call<JsonObject>({
      method: 'GET',
      path: '/apis/connectors.quotebridge.io/v1alpha1',
    });
    const resources = Array.isArray(found['resources']) ? found['resources'].filter(isJsonObject) : [];
    expect(resources.find(({ name }) => name === 'connectors')).toMatchObject({
      shortNames: ['qbc', 'qbconn'],
      categories: ['quotebridge'],
    });
  });
});
