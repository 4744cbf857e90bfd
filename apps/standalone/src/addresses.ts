import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StandaloneSettings } from './settings';
import type { Suite } from './suite';

/** Every address of a running suite by a name that scripts can rely on. */
export const addressesOf = (suite: Suite, settings: StandaloneSettings): Record<string, string> => {
  const addresses: Record<string, string> = {};
  for (const { name, url, addresses: apis } of suite.components) {
    for (const [api, base] of Object.entries(apis)) {
      addresses[api] = base;
      addresses[`openapi/${api}`] = `${base}/openapi`;
      addresses[`docs/${api}`] = `${base}/docs`;
    }
    addresses[`health/${name}`] = `${url}/health/ready`;
    addresses[`metrics/${name}`] = `${url}/metrics`;
    addresses[`operations/${name}`] = `${url}/operations`;
    addresses[`views/${name}`] = `${url}/views`;
  }
  return {
    ...addresses,
    'connector/s4hana': suite.s4Connector.url,
    'connector/salesforce': suite.salesforceConnector.url,
    'connector/parts': suite.suppliers.partsConnector.url,
    'connector/supplier': suite.suppliers.supplierConnector.url,
    'sandbox/s4hana': suite.s4SandboxUrl,
    'sandbox/salesforce': suite.salesforceSandboxUrl,
    'sandbox/sftp': suite.suppliers.sftpSandboxUrl,
    'sandbox/rest': suite.suppliers.restSandboxUrl,
    mongodb: settings.mongodbUri,
    nats: settings.natsUrl,
  };
};

const fileIn = (folder: string): string => join(folder, 'addresses.json');

/** Takes away the map of an earlier run: a script that waits for one must not find ports that are another's by now. */
export const removeAddresses = (folder: string): Promise<void> => rm(fileIn(folder), { force: true });

/** Writes the map for scripts; whoever reads it never sees half of it. */
export const writeAddresses = async (
  folder: string,
  addresses: Readonly<Record<string, string>>,
): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const file = fileIn(folder);
  await writeFile(`${file}.part`, `${JSON.stringify(addresses, null, 2)}\n`);
  await rename(`${file}.part`, file);
  return file;
};
