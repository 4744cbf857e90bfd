import { KubeError } from '../kube-error';
import type { LeaderOptions } from '../leader';
import type { KubeObject, ResourceType } from '../resource';

/** When an API server does not answer somebody; requests that came meanwhile are done when it is over, if ever. */
export interface Outage {
  readonly fromMs: number;
  readonly toMs: number;
}

/** An API server that keeps one Lease and takes its time, by the timers of the test. */
export interface FakeLeases {
  /** The Lease as it is stored. */
  lease(): KubeObject | undefined;
  /** What one candidate is given; `outages` are its own. */
  client(outages?: readonly Outage[]): LeaderOptions['client'];
}

const LATENCY_MS = 20;

const until = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    if (ms < Infinity) setTimeout(resolve, ms);
  });

/** Starts it, empty. */
export const fakeLeases = (): FakeLeases => {
  let stored: KubeObject | undefined;
  let version = 0;
  const begin = Date.now();
  const conflict = (): KubeError => new KubeError(409, 'Conflict', 'somebody else was faster');
  const put = (object: object): KubeObject => {
    version += 1;
    const made = object as KubeObject;
    stored = { ...made, metadata: { ...made.metadata, resourceVersion: String(version) } };
    return stored;
  };
  return {
    lease: () => stored,
    client: (outages = []) => {
      const asked = async <T>(work: () => T): Promise<T> => {
        const at = Date.now() - begin;
        const outage = outages.find(({ fromMs, toMs }) => at >= fromMs && at < toMs);
        await until(outage === undefined ? LATENCY_MS : outage.toMs - at);
        const answer = work();
        await until(LATENCY_MS);
        return answer;
      };
      return {
        get: () => asked(() => stored),
        create: (_type: ResourceType, _namespace: string | undefined, object: object) =>
          asked(() => {
            if (stored !== undefined) throw conflict();
            return put(object);
          }),
        replace: (_type: ResourceType, object: KubeObject) =>
          asked(() => {
            if (stored?.metadata.resourceVersion !== object.metadata.resourceVersion) throw conflict();
            return put(object);
          }),
      };
    },
  };
};
