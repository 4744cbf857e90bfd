import { SrvPorts } from './srv-ports';

describe('ports by SRV records', () => {
  let now = 0;
  let asked: string[] = [];
  let told: string[] = [];
  let answer: () => Promise<{ port: number }[]>;
  const ports = (): SrvPorts =>
    new SrvPorts(
      (name) => {
        asked.push(name);
        return answer();
      },
      { now: () => now },
      (name, reason) => told.push(`${name}: ${reason}`),
    );
  const away = (): Promise<never> => Promise.reject(new Error('queryEsrv ETIMEOUT'));
  beforeEach(() => {
    now = 0;
    asked = [];
    told = [];
    answer = async () => [{ port: 1_026 }, { port: 1_024 }, { port: 1_026 }];
  });

  it('are asked for once for all who want them, in an order of their own, and again after some minutes', async () => {
    const of = ports();
    expect(await Promise.all([of.of('m.x'), of.of('m.x')])).toEqual([
      [1_024, 1_026],
      [1_024, 1_026],
    ]);
    answer = async () => [{ port: 1_030 }];
    expect(await of.of('m.x')).toEqual([1_024, 1_026]);
    now += 5 * 60_000;
    expect(await of.of('m.x')).toEqual([1_030]);
    expect(asked).toEqual(['m.x', 'm.x']);
  });

  it('stay what they were while names cannot be asked for, or lead nowhere for a moment', async () => {
    const of = ports();
    await of.of('m.x');
    for (const wrong of [away, async () => []]) {
      answer = wrong;
      now += 5 * 60_000;
      expect(await of.of('m.x')).toEqual([1_024, 1_026]);
    }
    expect(told).toEqual(['m.x: queryEsrv ETIMEOUT', 'm.x: there are no such records']);
  });

  it('that were never found are asked for again soon, but not each time', async () => {
    const of = ports();
    answer = away;
    for (let look = 0; look < 3; look += 1) expect(await of.of('m.x')).toBeUndefined();
    expect(asked).toHaveLength(1);
    answer = async () => [{ port: 1_024 }];
    now += 30_000;
    expect(await of.of('m.x')).toEqual([1_024]);
  });
});
