import type { TestProcess } from '../../e2e/support';
import { startFaultyProxy, type FaultyProxy } from './faulty-proxy';
import { startOperatorProcess } from './operator';
import { putPlatformSecret } from './operator-suite';
import { startOperatorWorld, type OperatorWorld } from './operator-world';

/** A process of the operator that reaches the API server through a proxy, which can refuse and remembers what is asked. */
export interface ProxiedOperator {
  readonly world: OperatorWorld;
  readonly proxy: FaultyProxy;
  readonly operator: TestProcess;
  stop(): Promise<void>;
}

/** Starts it with these settings, after the world was made ready. */
export const startProxiedOperator = async (
  env: Readonly<Record<string, string>>,
  makeReady: (world: OperatorWorld) => Promise<void> = async () => undefined,
): Promise<ProxiedOperator> => {
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
  };
  try {
    const world = await startOperatorWorld();
    closers.push(() => world.stop());
    await putPlatformSecret(world.cluster, 'qb', 'nats://nats.qb:4222');
    await makeReady(world);
    const proxy = await startFaultyProxy(world.account);
    closers.push(() => proxy.stop());
    const operator = await startOperatorProcess(world.account, world.processes.address, {
      KUBE_API_URL: proxy.url,
      ...env,
    });
    closers.push(() => operator.kill());
    return { world, proxy, operator, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
};
