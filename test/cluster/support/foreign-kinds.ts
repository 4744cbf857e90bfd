import { readFileSync } from 'node:fs';
import type { KubeClient, KubeObject } from '@quotebridge/kubernetes/client';
import { parse } from 'yaml';
import { eventually } from '../../e2e/support/eventually';
import { K } from './objects';
import { runTool } from './tools';

const isServed = ({ status }: KubeObject): boolean => {
  const conditions = (status?.['conditions'] ?? []) as readonly { type?: string; status?: string }[];
  return conditions.some(({ type, status: is }) => type === 'Established' && is === 'True');
};

/**
 * Lets the API server know the kinds of cert-manager and of the Prometheus operator that our charts make objects of, by the
 * definitions that these projects publish. What a cluster has already stays as it is.
 */
export const installForeignKinds = async (admin: KubeClient): Promise<void> => {
  const files = JSON.parse(await runTool('tools/cluster/definitions.mjs', [])) as readonly string[];
  for (const file of files) {
    const definition = parse(readFileSync(file, 'utf8')) as KubeObject;
    const { name } = definition.metadata;
    const there = async (): Promise<readonly KubeObject[]> => (await admin.list(K.crd, { name })).items;
    if ((await there()).length === 0) await admin.apply(K.crd, definition);
    await eventually(`${name} to be served`, async () => (await there()).some(isServed));
  }
};
