import type { Json, JsonObject } from '@quotebridge/platform/core';
import { isJsonObject } from '@quotebridge/platform/core';
import { S4_SANDBOX_CREDENTIALS as CREDENTIALS } from './auth';

/** An answer as the tests look at it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body, or an empty object when it is not JSON. */
  readonly json: JsonObject;
}

const ROOT = '/sap/opu/odata/sap';

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** A caller of the sandbox as a test sees it: signs in by Basic, keeps CSRF token and cookies. */
export class TestCaller {
  authorization = basic(CREDENTIALS.user, CREDENTIALS.password);
  private csrf: Record<string, string> = {};

  constructor(private readonly url: string) {}

  async call(
    method: string,
    path: string,
    body?: Json | string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(path.startsWith('http') ? path : `${this.url}${path}`, {
      method,
      headers: { authorization: this.authorization, ...this.csrf, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('GET', path.startsWith('http') ? path : `${ROOT}/${path}`, undefined, headers);
  }

  write(
    method: string,
    path: string,
    body?: Json | string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.call(method, `${ROOT}/${path}`, body, { 'content-type': 'application/json', ...headers });
  }

  /** Fetches a CSRF token with its cookies and uses them from now on. */
  async fetchCsrf(service = 'API_SALES_ORDER_SRV'): Promise<Answer> {
    const answer = await this.call('HEAD', `${ROOT}/${service}/`, undefined, { 'x-csrf-token': 'Fetch' });
    const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
    this.csrf = { 'x-csrf-token': answer.headers.get('x-csrf-token') ?? '', cookie: cookies.join('; ') };
    return answer;
  }

  async arm(fault: JsonObject): Promise<void> {
    const answer = await this.call('POST', '/__sandbox/faults', fault, {
      'content-type': 'application/json',
    });
    if (answer.status !== 201) throw new Error(answer.text);
  }
}

const parsed = (text: string): JsonObject => {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
};

/** The part of an answer at a path such as `d.results.0.Product`. */
export const at = (json: Json | undefined, path: string): Json | undefined =>
  path.split('.').reduce<Json | undefined>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isJsonObject(value) ? value[step] : undefined;
  }, json);

/** The rows of a collection answer. */
export const rows = (answer: Answer): JsonObject[] => {
  const results = at(answer.json, 'd.results');
  return Array.isArray(results) ? results.filter(isJsonObject) : [];
};

/** A small valid order. */
export const orderBody = (changes: JsonObject = {}): JsonObject => ({
  SalesOrderType: 'OR',
  SalesOrganization: '1710',
  DistributionChannel: '10',
  OrganizationDivision: '00',
  SoldToParty: '10100001',
  PurchaseOrderByCustomer: 'PO-1',
  ExternalDocumentID: 'order-1',
  to_Item: [
    { SalesOrderItem: '10', Material: 'SP-1001', RequestedQuantity: '2', RequestedQuantityUnit: 'PC' },
    { SalesOrderItem: '20', Material: 'SP-2001', RequestedQuantity: '10' },
  ],
  ...changes,
});

/** One request of a batch, as a part. */
export const batchPart = (method: string, url: string, body?: JsonObject): string =>
  [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    `${method} ${url} HTTP/1.1`,
    'Content-Type: application/json',
    'Accept: application/json',
    '',
    body === undefined ? '' : JSON.stringify(body),
    '',
  ].join('\r\n');

/** Parts that are all done or none. */
export const changeSet = (...parts: string[]): string =>
  `Content-Type: multipart/mixed; boundary=c\r\n\r\n${parts.map((one) => `--c\r\n${one}\r\n`).join('')}--c--\r\n`;

/** Sends parts as one batch to a service. */
export const sendBatch = (caller: TestCaller, service: string, ...parts: string[]): Promise<Answer> =>
  caller.write('POST', `${service}/$batch`, `${parts.map((one) => `--b\r\n${one}\r\n`).join('')}--b--\r\n`, {
    'content-type': 'multipart/mixed; boundary=b',
  });

/** Status codes of the parts of an answer to a batch, in their order. */
export const partStatuses = (answer: Answer): number[] =>
  [...answer.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

/** Path that explodes the structure of a material in plant 1710; `more` are parameters that take the place of the usual ones. */
export const explosionPath = async (
  sap: TestCaller,
  material: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const service = 'API_BILL_OF_MATERIAL_SRV;v=2';
  const filter = `Material eq '${material}' and Plant eq '1710' and BillOfMaterialVariantUsage eq '1'`;
  const [head = {}] = rows(await sap.get(`${service}/MaterialBOM?$filter=${encodeURIComponent(filter)}`));
  const keys = [
    ...['BillOfMaterial', 'BillOfMaterialCategory', 'BillOfMaterialVariant', 'BillOfMaterialVersion'],
    ...['EngineeringChangeDocument', 'Material', 'Plant'],
  ];
  const parameters = {
    ...Object.fromEntries(keys.map((name) => [name, `'${String(head[name] ?? '')}'`])),
    BOMExplosionApplication: "'PP01'",
    RequiredQuantity: '1m',
    BOMExplosionIsLimited: 'false',
    BOMExplosionDate: "datetime'2026-11-21T00:00:00'",
    BOMExplosionLevel: '0m',
    BOMExplosionIsMultilevel: 'true',
    ...more,
  };
  return `${service}/ExplodeBOM?${new URLSearchParams(parameters).toString()}`;
};
