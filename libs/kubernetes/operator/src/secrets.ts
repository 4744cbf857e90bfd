import { keyOf, type KubeClient, type Mirror } from '@quotebridge/kubernetes/client';
import { SECRETS } from './children/common';
import { secretFingerprint } from './children/fingerprint';
import type { Connector } from './connector';
import type { CredentialsFact } from './facts';

interface Known {
  readonly version: string;
  readonly keys: ReadonlySet<string>;
  readonly hash: string;
}

const decoded = (text: unknown): string =>
  typeof text === 'string' ? Buffer.from(text, 'base64').toString('utf8') : '';

/**
 * Secrets that Connectors name. All that is kept of one are the names of its keys and a short fingerprint; it is read
 * again only when its version changes, which the mirror of Secrets tells without their values.
 */
export class Secrets {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly client: KubeClient,
    /** Metadata of all Secrets in reach. */
    private readonly mirror: Mirror,
  ) {}

  /** What the Connector's credentials are worth, given the secrets it needs. */
  async credentialsOf(connector: Connector, needed: readonly string[]): Promise<CredentialsFact> {
    const secret = connector.spec.credentialsSecretRef?.name;
    if (secret === undefined) {
      return needed.length === 0 ? { kind: 'usable', hash: undefined } : { kind: 'unnamed', needed };
    }
    const found = await this.look(connector.metadata.namespace ?? '', secret);
    if (found === undefined) return { kind: 'absent', secret, needed };
    const missing = needed.filter((name) => !found.keys.has(name));
    return missing.length === 0
      ? { kind: 'usable', hash: found.hash }
      : { kind: 'incomplete', secret, missing };
  }

  /** One value of a Secret, read each time: it is not kept. */
  async value(namespace: string, name: string, key: string): Promise<string | undefined> {
    const secret = await this.client.get(SECRETS, namespace, name);
    const data = secret === undefined ? undefined : Reflect.get(secret, 'data');
    const text: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, key) : undefined;
    return text === undefined ? undefined : decoded(text);
  }

  private async look(namespace: string, name: string): Promise<Known | undefined> {
    const key = keyOf({ metadata: { namespace, name } });
    const version = this.mirror.get(key)?.metadata.resourceVersion;
    const known = this.known.get(key);
    if (version !== undefined && known?.version === version) return known;
    const secret = await this.client.get(SECRETS, namespace, name);
    if (secret === undefined) {
      this.known.delete(key);
      return undefined;
    }
    const data = (Reflect.get(secret, 'data') ?? {}) as Record<string, string>;
    const found = {
      version: secret.metadata.resourceVersion ?? '',
      keys: new Set(Object.keys(data).filter((name) => data[name] !== '')),
      hash: secretFingerprint(data),
    };
    this.known.set(key, found);
    return found;
  }
}
