import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import {
  pathOf,
  type ClusterAddress,
  type KubeClient,
  type KubeObject,
} from '@quotebridge/kubernetes/client';
import { parseAllDocuments } from 'yaml';
import { typeOf } from './kinds';

const ROOT = path.resolve(__dirname, '../../..');
const HELM = path.join(ROOT, 'tools/cluster/helm.mjs');
const CHARTS = path.join(ROOT, 'tools/charts.mjs');

/** What helm has said. */
export interface HelmAnswer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** helm on the cluster of a test, with the charts of this checkout put together. */
export interface Helm {
  run(...args: readonly string[]): HelmAnswer;
  /** Folder of a chart with what it depends on. */
  chart(name: string): string;
  /** The objects that a chart makes, its tests included. */
  render(chart: string, namespace: string, ...args: readonly string[]): readonly KubeObject[];
  /** The same of the chart of another release. */
  renderRelease(release: string, chart: string, ...args: readonly string[]): readonly KubeObject[];
  remove(): void;
}

const configOf = ({ url, ca = '', cert, key, token }: ClusterAddress): JsonObject => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const user: JsonObject = { token: token?.() };
  if (cert !== undefined) user['client-certificate-data'] = base64(cert);
  if (key !== undefined) user['client-key-data'] = base64(key);
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: url, 'certificate-authority-data': base64(ca) } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  };
};

/** Prepares helm for a cluster in a folder of its own. */
export const startHelm = (address: ClusterAddress): Helm => {
  const folder = mkdtempSync(path.join(tmpdir(), 'qb-helm-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, JSON.stringify(configOf(address)), { mode: 0o600 });
  const homes = { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder };
  const env = { ...process.env, ...homes, KUBECONFIG: kubeconfig };
  const assemble = (name: string, ...options: readonly string[]): string => {
    const into = path.join(folder, name);
    const { status, stderr } = spawnSync(process.execPath, [CHARTS, '--into', into, ...options], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return into;
  };
  const charts = assemble('charts');
  const run = (...args: readonly string[]): HelmAnswer => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [HELM, ...args], {
      encoding: 'utf8',
      env,
      maxBuffer: 64 * 1024 * 1024,
    });
    return { status, stdout, stderr };
  };
  const render = (folder: string, namespace: string, args: readonly string[]): readonly KubeObject[] => {
    const answer = run('template', 'deals', folder, '--namespace', namespace, ...args);
    if (answer.status !== 0 || answer.stderr !== '') throw new Error(answer.stderr);
    return parseAllDocuments(answer.stdout)
      .map((document) => document.toJS() as unknown)
      .filter(isJsonObject) as unknown as KubeObject[];
  };
  const known = new Map<string, readonly KubeObject[]>();
  const chart = (name: string): string => path.join(charts, name);
  return {
    run,
    chart,
    render: (name, namespace, ...args) => {
      const key = JSON.stringify([name, namespace, args]);
      const objects = known.get(key) ?? render(chart(name), namespace, args);
      known.set(key, objects);
      return objects;
    },
    renderRelease: (release, name, ...args) =>
      render(path.join(assemble(`charts-${release}`, '--release', release), name), 'strict', args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** Asks the API server whether it would take the object, unknown fields refused; gives it as it would be stored. */
export const dryRun = (admin: KubeClient, object: KubeObject): Promise<KubeObject> =>
  admin.call<KubeObject>({
    method: 'PATCH',
    path: pathOf(typeOf(object), object.metadata.namespace, object.metadata.name),
    query: { fieldManager: 'test', fieldValidation: 'Strict', dryRun: 'All', force: 'true' },
    contentType: 'application/apply-patch+yaml',
    body: object,
  });
