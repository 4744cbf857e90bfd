import { loadSpec } from './load';
import type { Api, ApiVersion } from './types';

const APIS: readonly Api[] = ['TMF620', 'TMF622', 'TMF629', 'TMF632', 'TMF637', 'TMF648', 'TMF669', 'TMF699'];
const ALL = APIS.flatMap((api): [Api, ApiVersion][] => [
  [api, 'v4'],
  [api, 'v5'],
]);

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly $ref: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

const refsIn = (node: unknown): string[] => {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : refsIn(value),
  );
};

const resolves = (document: unknown, ref: string): boolean =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], document) !==
  undefined;

const operations = (api: Api, version: ApiVersion): [string, Operation][] =>
  Object.entries(loadSpec(api, version).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method} ${path}`,
      operation as Operation,
    ]),
  );

const onResources = (api: Api, version: ApiVersion, method: string): Operation[] =>
  operations(api, version).flatMap(([name, operation]) =>
    name.startsWith(`${method} `) && !name.includes('/hub') ? [operation] : [],
  );

const parameterNames = (operation: Operation): string[] =>
  (operation.parameters ?? []).map(({ $ref }) => $ref.replace('#/components/parameters/', ''));

describe.each(ALL)('%s %s', (api, version) => {
  test('every reference leads somewhere', () => {
    const document = loadSpec(api, version);
    expect(refsIn(document).filter((ref) => !resolves(document, ref))).toEqual([]);
  });

  test('every operation has a name of its own', () => {
    const names = operations(api, version).map(([, operation]) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  test('a list takes a filter, an order and cursors, and answers 206 for a part', () => {
    const lists = onResources(api, version, 'get').filter(({ operationId }) =>
      operationId.startsWith('list'),
    );
    expect(lists.length).toBeGreaterThan(0);
    for (const list of lists) {
      expect(parameterNames(list)).toEqual(
        expect.arrayContaining(['fields', 'offset', 'limit', 'filter', 'sort', 'before', 'after']),
      );
      expect(Object.keys(list.responses)).toEqual(expect.arrayContaining(['200', '206', '406', '429']));
    }
  });

  test('what is written takes a precondition or an idempotency key, and states every refusal', () => {
    for (const create of onResources(api, version, 'post')) {
      expect(parameterNames(create)).toContain('idempotencyKey');
      expect(Object.keys(create.responses)).toEqual(
        expect.arrayContaining(['201', '409', '413', '415', '422']),
      );
    }
    for (const patch of onResources(api, version, 'patch')) {
      expect(parameterNames(patch)).toContain('ifMatch');
      expect(Object.keys(patch.responses)).toEqual(
        expect.arrayContaining(['200', '412', '415', '422', '428']),
      );
    }
    for (const remove of onResources(api, version, 'delete')) {
      expect(Object.keys(remove.responses)).toEqual(expect.arrayContaining(['204', '412', '428']));
    }
  });

  test('a subscription can be listed, read and ended', () => {
    const names = operations(api, version).map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(['get /hub', 'post /hub', 'get /hub/{id}', 'delete /hub/{id}']),
    );
  });
});

test('an API that has no document is an error that says what to do', () => {
  expect(() => loadSpec('TMF620', 'v6' as ApiVersion)).toThrow('npm run generate');
});
