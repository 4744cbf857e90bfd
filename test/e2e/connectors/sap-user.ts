import type { JsonObject } from '@quotebridge/platform/core';
import { S4_SANDBOX_CREDENTIALS, S4_SANDBOX_SALES_AREA } from '@quotebridge/sandbox/s4hana';

/** Settings and secrets of a connector that signs in to the S/4HANA sandbox with user and password, and sells there. */
export const sapLogin = (baseUrl: string) => {
  const { user, password } = S4_SANDBOX_CREDENTIALS;
  const { SalesOrganization: salesOrganization, DistributionChannel: distributionChannel } =
    S4_SANDBOX_SALES_AREA;
  const settings = { baseUrl, auth: { kind: 'basic', user }, salesOrganization, distributionChannel };
  return { settings, secrets: { password } };
};

/** Changes an entity of the S/4HANA sandbox as somebody who works in it. */
export const sapUser =
  (sandboxUrl: string) =>
  async (method: string, path: string, body: JsonObject): Promise<void> => {
    const { user, password } = S4_SANDBOX_CREDENTIALS;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const [, service = ''] = /^([^/]+)\//.exec(path) ?? [];
    const root = `${sandboxUrl}/sap/opu/odata/sap`;
    const token = await fetch(`${root}/${service}/`, { headers: { authorization, 'x-csrf-token': 'Fetch' } });
    const cookie = token.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const headers = {
      authorization,
      cookie,
      'x-csrf-token': token.headers.get('x-csrf-token') ?? '',
      'if-match': '*',
    };
    const reply = await fetch(`${root}/${path}`, { method, headers, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  };

const ITEM_KEYS = [
  ...['BillOfMaterial', 'BillOfMaterialCategory', 'BillOfMaterialVariant', 'BillOfMaterialVersion'],
  ...[
    'EngineeringChangeDocument',
    'Material',
    'Plant',
    'BillOfMaterialItemNodeNumber',
    'HeaderChangeDocument',
  ],
];

/** Address of an item of a structure. */
export const itemPath = (item: JsonObject): string =>
  `API_BILL_OF_MATERIAL_SRV;v=2/MaterialBOMItem(${ITEM_KEYS.map((key) => `${key}='${String(item[key])}'`).join(',')})`;
