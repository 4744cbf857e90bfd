import { readFileSync } from 'node:fs';

/** Where an API server is and how to be somebody there. */
export interface ClusterAddress {
  readonly url: string;
  /** Certificates to trust besides none, PEM; the system's when absent. */
  readonly ca?: string;
  /** Client certificate and key, PEM. */
  readonly cert?: string;
  readonly key?: string;
  /** The bearer token of the moment: the kubelet replaces projected tokens while the process runs. */
  token?(): string | undefined;
}

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Projected tokens are replaced when four fifths of their life are over; a minute late does not matter. */
const KEEP_MS = 60_000;

const freshText = (file: string, now: () => number): (() => string) => {
  let text = '';
  let readAt = -Infinity;
  return () => {
    if (now() - readAt >= KEEP_MS) {
      text = readFileSync(file, 'utf8').trim();
      readAt = now();
    }
    return text;
  };
};

/** What {@link clusterAddress} may be told; everything is found in a pod when it is not. */
export interface AddressOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
  /** KUBERNETES_SERVICE_HOST and _PORT as every pod has them. */
  readonly serviceHost?: string;
  readonly servicePort?: string;
}

/**
 * The API server of the pod this runs in, or another one. Over plain http (`kubectl proxy`) no token is sent.
 * Throws a sentence when neither is known.
 */
export const clusterAddress = (options: AddressOptions, now: () => number = Date.now): ClusterAddress => {
  const { serviceHost, servicePort = '443' } = options;
  const inPod =
    serviceHost === undefined
      ? undefined
      : `https://${serviceHost.includes(':') ? `[${serviceHost}]` : serviceHost}:${servicePort}`;
  const url = options.url ?? inPod;
  if (url === undefined) {
    throw new Error(
      'There is no API server: this is no pod, and KUBE_API_URL is not set (http://127.0.0.1:8001 with `kubectl proxy`)',
    );
  }
  if (url.startsWith('http:')) return { url };
  const caFile = options.caFile ?? (options.url === undefined ? `${FOLDER}/ca.crt` : undefined);
  return {
    url,
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }),
    token: freshText(options.tokenFile ?? `${FOLDER}/token`, now),
  };
};
