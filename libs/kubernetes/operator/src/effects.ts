import { consumerOwner } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { forgetConsumers } from '@quotebridge/platform/events';
import {
  apiVersionOf,
  fromKey,
  isKubeError,
  KubeError,
  type KubeClient,
  type KubeObject,
  type ResourceType,
} from '@quotebridge/kubernetes/client';
import { childName, KINDS, type ChildKind } from './children/common';
import { CONNECTORS, FINALIZER, instanceOf, type Connector, type ConnectorStatus } from './connector';

const PODS: ResourceType = { group: '', version: 'v1', kind: 'Pod', plural: 'pods' };

const NOT_ENDED = 'status.phase!=Succeeded,status.phase!=Failed';

/** The name of a child is taken by something that is not ours. */
export class NameTaken extends Error {}

/** The API server does not take a child as it is to be: its own rules, a quota or a policy of the cluster are against it. */
export class ChildRefused extends Error {
  constructor(
    /** Which child and how, as the beginning of a sentence. */
    readonly what: string,
    readonly why: string,
    override readonly cause: KubeError,
  ) {
    super(`${what}: ${why}`, { cause });
  }
}

/** Answers that no other try changes before somebody does something: bad, forbidden, invalid. */
const REFUSALS: readonly number[] = [400, 403, 422];

const refusalOf = (
  { kind, metadata: { namespace = '', name } }: KubeObject,
  thrown: KubeError,
): ChildRefused =>
  new ChildRefused(
    `The API server refuses the ${kind} ${namespace}/${name} (${thrown.code} ${thrown.reason})`,
    // Without the request, which stands before it.
    thrown.message.replace(/^[A-Z]+ \/\S+: /, ''),
    thrown,
  );

const RELEASE = 'meta.helm.sh/release-name';

/** Whose an object is, as far as it tells. */
const ownerOf = (object: KubeObject | undefined): string => {
  const { ownerReferences = [], annotations = {} } = object?.metadata ?? {};
  const [owner] = ownerReferences;
  if (owner !== undefined) return `${owner.kind} ${owner.name}`;
  const release = annotations[RELEASE];
  return release === undefined ? 'somebody who made it by hand' : `the Helm release ${release}`;
};

/** What the operator does to the cluster for one Connector. Each effect may be repeated without harm. */
export class Effects {
  constructor(
    private readonly client: KubeClient,
    /** Address of the brokers that the connectors of a namespace use. */
    private readonly natsUrlOf: (namespace: string) => Promise<string | undefined>,
  ) {}

  /** Adds or removes our finalizer; on the version that was read, so that no other finalizer gets lost. */
  async finalizer({ metadata }: Connector, wanted: boolean): Promise<void> {
    const others = (metadata.finalizers ?? []).filter((name) => name !== FINALIZER);
    const patch = {
      metadata: {
        resourceVersion: metadata.resourceVersion,
        finalizers: wanted ? [...others, FINALIZER] : others,
      },
    };
    await this.client.patch(CONNECTORS, metadata.namespace ?? '', metadata.name, patch);
  }

  /**
   * Makes a child what it is to be. One that is not ours is not overwritten: {@link NameTaken}. One that the API server does not
   * take: {@link ChildRefused}.
   */
  async apply(kind: ChildKind, want: KubeObject, isOurs: boolean): Promise<void> {
    try {
      await this.put(kind, want, isOurs);
    } catch (thrown) {
      if (thrown instanceof KubeError && REFUSALS.includes(thrown.code)) throw refusalOf(want, thrown);
      throw thrown;
    }
  }

  private async put(kind: ChildKind, want: KubeObject, isOurs: boolean): Promise<void> {
    try {
      await this.client.apply(KINDS[kind], want, { force: isOurs });
    } catch (thrown) {
      if (isOurs || !isKubeError(thrown, 409)) throw thrown;
      const { namespace = '', name } = want.metadata;
      const [there] = (await this.client.list(KINDS[kind], { namespace, name })).items;
      const owner = want.metadata.ownerReferences?.[0]?.uid;
      if (there?.metadata.ownerReferences?.some(({ uid }) => uid === owner) !== true) {
        throw new NameTaken(
          `The name of the ${KINDS[kind].kind} ${namespace}/${name} belongs to ${ownerOf(there)}: remove that, or make a Connector of another name`,
        );
      }
      await this.client.apply(KINDS[kind], want, { force: true });
    }
  }

  async remove(kind: ChildKind, connector: Connector): Promise<void> {
    await this.client.remove(KINDS[kind], connector.metadata.namespace, childName(connector));
  }

  async scaleDown(connector: Connector): Promise<void> {
    const { namespace = '' } = connector.metadata;
    await this.client.patch(KINDS.deployment, namespace, childName(connector), { spec: { replicas: 0 } });
  }

  /** Writes the status; refused when the Connector of that name is another one by now. */
  async status({ metadata }: Connector, status: ConnectorStatus): Promise<void> {
    const { name, namespace = '', uid = '' } = metadata;
    await this.client.apply(
      CONNECTORS,
      {
        apiVersion: apiVersionOf(CONNECTORS),
        kind: CONNECTORS.kind,
        metadata: { name, namespace, uid },
        status: status as unknown as JsonObject,
      },
      { subresource: 'status' },
    );
  }

  /**
   * Removes the durable consumers of its instance from the broker. Gives a sentence when nobody knows any more where
   * that is; throws when it does not answer.
   */
  async forget(connector: Connector): Promise<string | undefined> {
    const instance = instanceOf(connector);
    const natsUrl = await this.natsUrlOf(connector.metadata.namespace ?? '');
    if (natsUrl === undefined) {
      return `The durable consumers of "${instance}" stay in NATS, if it has any: the Secret with NATS_URL is gone`;
    }
    await forgetConsumers(natsUrl, consumerOwner(instance));
    return undefined;
  }

  /** How many processes of a connector have not ended yet. Pods that were evicted stay after that, for anybody to look at. */
  async pods(key: string): Promise<number> {
    const { namespace, name } = fromKey(key);
    const labelSelector = `app.kubernetes.io/name=quotebridge-connector,app.kubernetes.io/instance=${name}`;
    const running = { namespace, labelSelector, fieldSelector: NOT_ENDED, metadataOnly: true };
    return (await this.client.list(PODS, running)).items.length;
  }
}
