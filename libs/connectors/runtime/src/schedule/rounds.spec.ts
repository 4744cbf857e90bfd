import { readSchedule, type RunAsk, type RunRecord } from '@quotebridge/connectors/sdk';
import { RoundKeeper, type RoundDeps } from './rounds';

const MIDNIGHT = Date.UTC(2026, 5, 1);
const HOUR = 3_600_000;

type State = RunRecord['state'];

/** A stream, the memory that its replicas share, and a clock that moves when told. */
class World {
  now = MIDNIGHT;
  readonly runs: { at: number; trigger: RunAsk['trigger'] }[] = [];
  readonly alerts: number[] = [];
  states: State[] = [];
  resumesAt: string | undefined;
  /** Called in the middle of a run. */
  during: () => Promise<void> = async () => undefined;
  private done = new Map<string, number>();
  private holder: string | undefined;

  replica(name: string, schedule = 'daily'): RoundKeeper {
    return new RoundKeeper(
      { schedule: readSchedule(schedule, 'UTC'), streams: new Set(['things']) },
      this.deps(name),
    );
  }

  /** Lets the replicas look whenever they want to, for some time. */
  async pass(ms: number, ...replicas: RoundKeeper[]): Promise<void> {
    const end = this.now + ms;
    const next = new Map(replicas.map((replica) => [replica, this.now]));
    while (this.now < end) {
      for (const replica of replicas) {
        if ((next.get(replica) ?? 0) > this.now) continue;
        next.set(replica, this.now + Math.max(1_000, await replica.look()));
      }
      this.now = Math.min(end, Math.min(...next.values()));
    }
  }

  /** The replica that holds the round is gone. */
  lapse(): void {
    this.holder = undefined;
  }

  private deps(name: string): RoundDeps {
    return {
      clock: { now: () => this.now },
      leaseMs: 30_000,
      memory: {
        doneMs: async (stream) => this.done.get(stream),
        setDone: async (streams, atMs) => {
          for (const stream of streams) this.done.set(stream, atMs);
        },
        lease: () => ({
          held: true,
          acquire: async () => (this.holder ??= name) === name,
          release: async () => {
            if (this.holder === name) this.holder = undefined;
          },
        }),
      },
      run: async ({ trigger }) => {
        this.runs.push({ at: this.now, trigger });
        await this.during();
        const state = this.states.shift() ?? 'succeeded';
        const { resumesAt } = this;
        const record = {
          _id: 'run',
          stream: 'things',
          state,
          ...(resumesAt === undefined ? {} : { resumesAt }),
        };
        return [record as RunRecord];
      },
      alert: async (_record, tries) => void this.alerts.push(tries),
    };
  }

  get hours(): number[] {
    return this.runs.map(({ at }) => Math.floor((at - MIDNIGHT) / HOUR));
  }
}

describe('rounds', () => {
  it('a stream that never ran is loaded at once, and then runs at its times', async () => {
    const world = new World();
    await world.pass(50 * HOUR, world.replica('a'));
    expect(world.hours).toEqual([0, 2, 26]);
  });

  it('several replicas do each round once', async () => {
    const world = new World();
    await world.pass(50 * HOUR, world.replica('a'), world.replica('b'), world.replica('c'));
    expect(world.hours).toEqual([0, 2, 26]);
  });

  it('a replica that looks while another is in the middle does nothing', async () => {
    const world = new World();
    const [a, b] = [world.replica('a'), world.replica('b')];
    world.during = async () => {
      world.during = async () => undefined;
      await b.look();
    };
    await a.look();
    await b.look();
    expect(world.runs).toHaveLength(1);
  });

  it('times that were missed while nobody ran are caught up once', async () => {
    const world = new World();
    await world.pass(HOUR, world.replica('a'));
    world.now = MIDNIGHT + 100 * HOUR;
    await world.pass(10 * HOUR, world.replica('a'));
    expect(world.runs.map(({ trigger }) => trigger)).toEqual(['schedule', 'catchUp']);
    expect(world.hours).toEqual([0, 100]);
  });

  it('a round whose process dies on the way is done by another one', async () => {
    const world = new World();
    await world.pass(HOUR, world.replica('a'));
    world.now = MIDNIGHT + 2 * HOUR;
    world.during = async () => {
      throw new Error('killed');
    };
    await world
      .replica('a')
      .look()
      .catch(() => undefined);
    world.during = async () => undefined;
    await world.pass(HOUR, world.replica('b'));
    expect(world.hours).toEqual([0, 2, 2]);
  });

  it('a failed round is tried again, and somebody is told when that does not help; the next time it runs again', async () => {
    const world = new World();
    world.states = ['failed', 'failed', 'failed', 'failed', 'failed', 'failed', 'succeeded'];
    await world.pass(HOUR, world.replica('a'));
    expect(world.runs.map(({ at }) => (at - MIDNIGHT) / 60_000)).toEqual([0, 1, 6, 21]);
    expect(world.alerts).toEqual([4]);
    await world.pass(10 * HOUR, world.replica('a'));
    expect(world.hours).toEqual([0, 0, 0, 0, 2, 2, 2]);
    expect(world.alerts).toEqual([4]);
  });

  it('several replicas try a failed round as often as one, and tell it once', async () => {
    const world = new World();
    world.states = ['failed', 'failed', 'failed', 'failed'];
    await world.pass(HOUR, world.replica('a'), world.replica('b'), world.replica('c'));
    expect(world.runs.map(({ at }) => (at - MIDNIGHT) / 60_000)).toEqual([0, 1, 6, 21]);
    expect(world.alerts).toEqual([4]);
  });

  it('what a replica tried of a round that another one ended does not count for the next round', async () => {
    const world = new World();
    const [a, b] = [world.replica('a'), world.replica('b')];
    world.states = ['failed', 'succeeded', 'failed', 'failed', 'failed', 'failed'];
    await a.look();
    world.lapse();
    await b.look();
    world.now = MIDNIGHT + 2 * HOUR;
    await world.pass(HOUR, a);
    expect(world.runs.slice(2).map(({ at }) => (at - MIDNIGHT) / 60_000)).toEqual([120, 121, 126, 141]);
    expect(world.alerts).toEqual([4]);
  });

  it('a run that is paused goes on when the budget is renewed, and nobody is told', async () => {
    const world = new World();
    world.states = ['paused'];
    world.resumesAt = new Date(MIDNIGHT + HOUR).toISOString();
    await world.pass(1.5 * HOUR, world.replica('a'));
    expect(world.hours).toEqual([0, 1]);
    expect(world.alerts).toEqual([]);
  });

  it('an interval never overlaps itself and event never runs by itself', async () => {
    const world = new World();
    world.during = async () => void (world.now += 50 * 60_000);
    await world.pass(4 * HOUR, world.replica('a', 'every 1h'));
    expect(world.runs.map(({ at }) => (at - MIDNIGHT) / 60_000)).toEqual([0, 110, 220]);
    const quiet = new World();
    await quiet.pass(100 * HOUR, quiet.replica('a', 'event'));
    expect(quiet.runs).toEqual([]);
  });
});
