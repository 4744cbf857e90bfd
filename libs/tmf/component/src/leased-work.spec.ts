import type { Running } from '@quotebridge/platform/events';
import type { Lease } from '@quotebridge/platform/store';
import { LeasedWork } from './leased-work';

/** A lease that is given and taken away by the test. */
class HandLease {
  mine = true;
  released = 0;

  get held(): boolean {
    return this.mine;
  }

  async acquire(): Promise<boolean> {
    return this.mine;
  }

  async release(): Promise<void> {
    this.released += 1;
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('work under a lease', () => {
  const running = new Set<string>();
  const piece = (name: string) => async (): Promise<Running> => {
    running.add(name);
    return { stop: async () => void running.delete(name) };
  };
  beforeEach(() => running.clear());

  it('runs while the lease is held and ends with it given up', async () => {
    const lease = new HandLease();
    const work = new LeasedWork(
      lease as unknown as Lease,
      [piece('relay'), piece('consumer')],
      () => undefined,
    );
    work.start();
    await settle();
    expect([...running]).toEqual(['relay', 'consumer']);
    await work.stop();
    expect([running.size, lease.released]).toEqual([0, 1]);
  });

  it('does not run without the lease', async () => {
    const lease = new HandLease();
    lease.mine = false;
    const work = new LeasedWork(lease as unknown as Lease, [piece('relay')], () => undefined);
    work.start();
    await settle();
    expect(running.size).toBe(0);
    await work.stop();
  });

  it('stops what did start when one piece cannot, and says why', async () => {
    const failures: unknown[] = [];
    const broken = async (): Promise<Running> => {
      throw new Error('NATS is away');
    };
    const work = new LeasedWork(new HandLease() as unknown as Lease, [piece('relay'), broken], (thrown) =>
      failures.push(thrown),
    );
    work.start();
    await settle();
    await settle();
    expect([running.size, failures.length]).toEqual([0, 1]);
    await work.stop();
  });
});
