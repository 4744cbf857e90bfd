import { execFileSync } from 'node:child_process';
import path from 'node:path';

interface GivenCluster {
  readonly address: {
    readonly url: string;
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly token?: string;
  };
  /** Pods run on it: nobody else may say what became of them. */
  readonly hasNodes: boolean;
}

const SCRIPT = path.resolve(__dirname, '../../../tools/cluster/given.mjs');

/** The cluster of KUBECONFIG; known before any test is declared, because some cannot run on it. */
export const GIVEN: GivenCluster | undefined =
  (process.env['KUBECONFIG'] ?? '') === ''
    ? undefined
    : (JSON.parse(execFileSync(process.execPath, [SCRIPT], { encoding: 'utf8' })) as GivenCluster);

const isHere = (url: string): boolean => new URL(url).hostname === '127.0.0.1';

/** What a test may need that a cluster of somebody else lacks, with what it says then. */
const LACKS = {
  'to stop the API server': () => 'the API server of KUBECONFIG is not ours to stop',
  'the audit log': () => 'the API server of KUBECONFIG does not show what it was asked',
  'to be asked': () => 'an API server elsewhere cannot ask a process of this machine',
  'to play the kubelet': ({ hasNodes }) =>
    hasNodes ? 'the cluster of KUBECONFIG has nodes, and this test plays theirs' : undefined,
  'a proxy before it': ({ address }) =>
    isHere(address.url)
      ? undefined
      : 'the certificate of the API server of KUBECONFIG is not for 127.0.0.1, where the proxy of this test is',
} satisfies Record<string, (given: GivenCluster) => string | undefined>;

const reasonOf = (needs: readonly (keyof typeof LACKS)[]): string | undefined =>
  GIVEN === undefined
    ? undefined
    : needs.map((need) => LACKS[need](GIVEN)).find((reason) => reason !== undefined);

/** `describe` for tests with such needs; they are skipped, and say why, where the cluster of KUBECONFIG does not meet them. */
export const describeWith = (
  needs: readonly (keyof typeof LACKS)[],
  title: string,
  body: () => void,
): void => {
  const reason = reasonOf(needs);
  if (reason === undefined) describe(title, body);
  else describe.skip(`${title} [${reason}]`, body);
};

/** `it` with such needs. */
export const itWith = (
  needs: readonly (keyof typeof LACKS)[],
  title: string,
  body: () => Promise<void>,
): void => {
  const reason = reasonOf(needs);
  if (reason === undefined) it(title, body);
  else it.skip(`${title} [${reason}]`, body);
};
