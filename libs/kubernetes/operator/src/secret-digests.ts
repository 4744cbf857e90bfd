import { keyOf, type KubeClient, type KubeObject, type Mirror } from '@quotebridge/kubernetes/client';
import { SECRETS } from './children/common';

/** The data of a Secret: base64 by key. */
export type SecretData = Readonly<Record<string, string>>;

/** One value of a Secret as text. */
export const textIn = (data: SecretData, key: string): string | undefined =>
  data[key] === undefined ? undefined : Buffer.from(data[key], 'base64').toString('utf8');

const dataOf = (secret: KubeObject | undefined): SecretData =>
  (Reflect.get(secret ?? {}, 'data') ?? {}) as SecretData;

/**
 * What was made of Secrets; their values are not kept. One is read again only when its version changes, which the mirror
 * of Secrets tells without their values.
 */
export class SecretDigests<T> {
  private readonly known = new Map<string, { readonly version: string; readonly digest: T }>();

  constructor(
    private readonly client: KubeClient,
    /** Metadata of all Secrets in reach. */
    private readonly mirror: Mirror,
    /** Makes what is kept. */
    private readonly digestOf: (data: SecretData, namespace: string) => T,
  ) {}

  /** What was made of a Secret; undefined when it is not there. */
  async of(namespace: string, name: string): Promise<T | undefined> {
    const key = keyOf({ metadata: { namespace, name } });
    const version = this.mirror.get(key)?.metadata.resourceVersion;
    const known = this.known.get(key);
    if (version !== undefined && known?.version === version) return known.digest;
    const secret = await this.client.get(SECRETS, namespace, name);
    if (secret === undefined) {
      this.known.delete(key);
      return undefined;
    }
    const digest = this.digestOf(dataOf(secret), namespace);
    this.known.set(key, { version: secret.metadata.resourceVersion ?? '', digest });
    return digest;
  }

  /** One value, read each time. */
  async value(namespace: string, name: string, key: string): Promise<string | undefined> {
    return textIn(dataOf(await this.client.get(SECRETS, namespace, name)), key);
  }
}
