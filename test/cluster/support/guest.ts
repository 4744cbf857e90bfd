import { isKubeError, KubeClient, type KubeObject } from '@quotebridge/kubernetes/client';
import { CONNECTORS } from '@quotebridge/kubernetes/operator';
import { eventually } from '../../e2e/support/eventually';

const GONE_WITHIN = 180_000;
const NAMESPACE = /^\/api\/v1\/namespaces\/([^/]+)$/;
const IN_A_NAMESPACE = /\/namespaces\/[^/]+\//;

type Call = Parameters<KubeClient['call']>[0];

/** A client of a cluster that is not ours: it knows what it has made, and takes that away again. */
export class Guest extends KubeClient {
  /** Paths of what it made for the whole cluster, in that order; what is in a namespace goes with it. */
  private readonly made = new Set<string>();

  override async call<T>(call: Call): Promise<T> {
    const isApplied = call.method === 'PATCH' && call.contentType === 'application/apply-patch+yaml';
    if ((call.method !== 'POST' && !isApplied) || IN_A_NAMESPACE.test(call.path)) return super.call(call);
    const { metadata } = call.body as KubeObject;
    const path = isApplied ? call.path : `${call.path}/${metadata.name}`;
    const isNew = !(await this.isThere(path));
    const answer = await super.call<T>(call);
    if (isNew) this.made.add(path);
    return answer;
  }

  /** Removes what it has made; ends when all of it is gone. */
  async takeAway(): Promise<void> {
    const paths = [...this.made].reverse();
    const namespaces = paths.filter((path) => NAMESPACE.test(path));
    for (const path of namespaces) await this.delete(path);
    for (const path of namespaces) {
      const [, name = ''] = NAMESPACE.exec(path) ?? [];
      const isGone = async (): Promise<boolean> => {
        await this.forgetConnectors(name);
        return !(await this.isThere(path));
      };
      await eventually(`${path} to be gone`, isGone, GONE_WITHIN);
    }
    for (const path of paths.filter((one) => !NAMESPACE.test(one))) {
      await this.delete(path);
      await eventually(`${path} to be gone`, async () => !(await this.isThere(path)), GONE_WITHIN);
    }
    this.made.clear();
  }

  // Their operator is no more.
  private async forgetConnectors(namespace: string): Promise<void> {
    try {
      const { items } = await this.list(CONNECTORS, { namespace });
      for (const { metadata } of items.filter(({ metadata: { finalizers } }) => finalizers?.length))
        await this.patch(CONNECTORS, namespace, metadata.name, { metadata: { finalizers: [] } });
    } catch (thrown) {
      if (!isKubeError(thrown, 404)) throw thrown;
    }
  }

  private async isThere(path: string): Promise<boolean> {
    try {
      await super.call({ method: 'GET', path });
      return true;
    } catch (thrown) {
      if (isKubeError(thrown, 404)) return false;
      throw thrown;
    }
  }

  private async delete(path: string): Promise<void> {
    try {
      await super.call({ method: 'DELETE', path });
    } catch (thrown) {
      if (!isKubeError(thrown, 404)) throw thrown;
    }
  }
}
