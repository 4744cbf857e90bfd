import type { KubeClient, Mirror } from '@quotebridge/kubernetes/client';
import { secretFingerprint } from './children/fingerprint';
import type { Connector } from './connector';
import type { CredentialsFact } from './facts';
import { SecretDigests } from './secret-digests';

interface Known {
  readonly keys: ReadonlySet<string>;
  readonly hash: string;
}

/** Secrets that Connectors name. All that is kept of one are the names of its keys and a short fingerprint. */
export class Secrets {
  private readonly digests: SecretDigests<Known>;

  constructor(client: KubeClient, mirror: Mirror) {
    this.digests = new SecretDigests(client, mirror, (data) => ({
      keys: new Set(Object.keys(data).filter((name) => data[name] !== '')),
      hash: secretFingerprint(data),
    }));
  }

  /** What the Connector's credentials are worth, given the secrets it needs. */
  async credentialsOf(connector: Connector, needed: readonly string[]): Promise<CredentialsFact> {
    const secret = connector.spec.credentialsSecretRef?.name;
    if (secret === undefined) {
      return needed.length === 0 ? { kind: 'usable', hash: undefined } : { kind: 'unnamed', needed };
    }
    const found = await this.digests.of(connector.metadata.namespace ?? '', secret);
    if (found === undefined) return { kind: 'absent', secret, needed };
    const missing = needed.filter((name) => !found.keys.has(name));
    return missing.length === 0
      ? { kind: 'usable', hash: found.hash }
      : { kind: 'incomplete', secret, missing };
  }
}
