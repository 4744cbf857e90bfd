import type { JsonObject } from '@quotebridge/platform/core';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { startGatewaySuite, type GatewaySuite } from '../support/gateway-suite';
import { MasterRecords, PRODUCTS } from '../support/master-records';

interface Content {
  readonly 'application/json': {
    readonly schema: JsonObject;
    readonly examples?: Readonly<Record<string, { readonly value: JsonObject }>>;
  };
}
interface Operation {
  readonly operationId: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly description?: string;
    readonly example?: string | number;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content: Content }>>;
}
interface Document {
  readonly security: readonly object[];
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonObject>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
/** One call that the document gives as an example. */
interface Example {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly body?: JsonObject;
  readonly operation: Operation;
}

const METHODS = ['post', 'put', 'patch', 'get'];
/** Orders of the examples are others in each version, as they are other orders. */
const NUMBERS: Readonly<Record<string, number>> = { v1: 4_000_000, v2: 5_000_000 };

/** The schema without room for anything that it does not name. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inside = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return 'properties' in inside ? { ...inside, additionalProperties: false } : inside;
};

describe('the OpenAPI documents of the business API', () => {
  let suite: GatewaySuite;
  let opportunity = '';
  const documents = new Map<string, Document>();
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats(ajv);

  const documentOf = (version: string): Document => {
    const found = documents.get(version);
    if (found === undefined) throw new Error(version);
    return found;
  };
  /** What is wrong with an answer by the document. */
  const faultsOf = (version: string, { responses }: Operation, status: number, body: unknown): unknown => {
    const documented = responses[String(status)];
    if (documented === undefined) return `${status} is not documented: ${JSON.stringify(body)}`;
    const { schema } = documented.content['application/json'];
    const whole = schema['$ref'] === undefined ? schema : documentOf(version).components.schemas['Error'];
    const check = ajv.compile(closed(whole) as object);
    return check(body) ? undefined : { body, errors: check.errors };
  };
  const examplesOf = (version: string): Example[] => {
    const number = (given: unknown): number => (NUMBERS[version] ?? 0) + Number(given);
    const renamed = (body: JsonObject): JsonObject => ({
      ...body,
      ...(body['order_number'] === undefined ? {} : { order_number: number(body['order_number']) }),
      ...(body['orderNumber'] === undefined ? {} : { orderNumber: number(body['orderNumber']) }),
    });
    const all = Object.entries(documentOf(version).paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, operation]): Example[] => {
        const { parameters, requestBody, operationId } = operation;
        const query = new URLSearchParams();
        let filled = path;
        for (const { name, in: place, example } of parameters) {
          if (example === undefined) continue;
          if (place === 'query') query.set(name, String(example));
          const isOrder = path.startsWith('/orders');
          const id = isOrder ? String(number(example)) : String(example);
          filled = filled.replace(`{${name}}`, path.startsWith('/opportunities') ? opportunity : id);
        }
        const url = `/api/${version}${filled}?${query.toString()}`;
        const bodies = Object.entries(requestBody?.content['application/json'].examples ?? {});
        const common = { method, url, operation };
        return bodies.length === 0
          ? [{ ...common, name: operationId }]
          : bodies.map(([name, { value }]) => ({
              ...common,
              name: `${operationId} ${name}`,
              body: renamed(value),
            }));
      }),
    );
    return all.sort((a, b) => METHODS.indexOf(a.method) - METHODS.indexOf(b.method));
  };
  const send = async ({ method, url, body }: Pick<Example, 'method' | 'url' | 'body'>) => {
    const answer = await fetch(`${suite.gateway.url}${url}`, {
      method: method.toUpperCase(),
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  };

  beforeAll(async () => {
    suite = await startGatewaySuite({ CONFIRM_WITHIN: '50ms', LIVE_LOOKUPS: 'false' });
    const records = new MasterRecords(suite);
    const model = await records.specification('QM-400');
    await records.sell('SP-1001', 12.5, ['10100001', 10]);
    await records.customer('10100001');
    await records.make(suite.inventory.url, PRODUCTS, {
      '@type': 'Product',
      name: 'Press',
      productSerialNumber: 'QS-500001',
      productSpecification: { '@type': 'ProductSpecificationRef', id: model },
      productRelationship: [
        {
          '@type': 'ProductRelationship',
          relationshipType: 'contains',
          id: await records.make(suite.inventory.url, PRODUCTS, { '@type': 'Product', name: 'Bolt' }),
          quantity: { amount: 4, units: 'pc' },
        },
      ],
    });
    opportunity = await records.make(suite.sales.url, '/tmf-api/salesManagement/v5/salesOpportunity', {
      '@type': 'SalesOpportunity',
      name: 'Overhaul of a press',
    });
    for (const version of ['v1', 'v2']) {
      const answer = await fetch(`${suite.gateway.url}/api/${version}/openapi`);
      documents.set(version, (await answer.json()) as Document);
    }
  });
  afterAll(() => suite.stop());

  it.each(['v1', 'v2'])(
    '%s: every example is answered as it says, with nothing that it does not name',
    async (version) => {
      const examples = examplesOf(version);
      const declared = Object.values(documentOf(version).paths).flatMap((one) => Object.values(one));
      expect(new Set(examples.map(({ operation }) => operation))).toEqual(new Set(declared));
      const wrong: unknown[] = [];
      for (const example of examples) {
        const { status, body, headers } = await send(example);
        const fault =
          status < 300
            ? faultsOf(version, example.operation, status, body)
            : `${status}: ${JSON.stringify(body)}`;
        if (fault !== undefined) wrong.push([example.name, fault]);
        if (status === 201 || status === 202)
          expect(headers.get('location')).toContain(`/api/${version}/orders/`);
      }
      expect(wrong).toEqual([]);
    },
  );

  it.each(['v1', 'v2'])(
    '%s: what is refused is answered as it says, and each fault has an id of its own',
    async (version) => {
      const wrong: unknown[] = [];
      const ids: unknown[] = [];
      for (const { method, url, operation } of examplesOf(version)) {
        const isRead = method === 'get';
        const tries = isRead ? [`${url}&colour=red`, url.replace(/=[^&]+/, '=')] : [url];
        for (const one of tries) {
          const { status, body } = await send({
            method,
            url: one,
            ...(isRead ? {} : { body: { items: 7 } }),
          });
          if (status < 300 && isRead) continue;
          const fault = status < 400 ? status : faultsOf(version, operation, status, body);
          if (fault !== undefined) wrong.push([operation.operationId, one, fault]);
          ids.push((body as JsonObject)['errorId']);
        }
      }
      expect(wrong).toEqual([]);
      expect(ids.length).toBeGreaterThan(10);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );

  it('clients of the first version read what the second has written, by the document of the first', async () => {
    const reads = examplesOf('v2').filter(({ method }) => method === 'get');
    for (const { url, operation } of reads) {
      const old = Object.values(documentOf('v1').paths)
        .flatMap((one) => Object.values(one))
        .find(({ operationId }) => operationId === operation.operationId);
      const { status, body } = await send({ method: 'get', url: url.replace('/v2/', '/v1/') });
      expect(old && faultsOf('v1', old, status, body)).toBeUndefined();
      expect(status).toBe(200);
    }
  });

  it('tell how to sign in, and what each parameter is', () => {
    for (const { security, components, paths } of documents.values()) {
      expect(security.flatMap((one) => Object.keys(one)).sort()).toEqual(
        Object.keys(components.securitySchemes).sort(),
      );
      for (const { parameters } of Object.values(paths).flatMap((one) => Object.values(one)))
        for (const { description, required, example, in: place } of parameters) {
          expect(description).toEqual(expect.any(String));
          if (required || place === 'path') expect(example).toBeDefined();
        }
    }
  });
});
