import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { GCProfiler, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { useLightBindings } from './light-bindings';

const BOUND = 20_000;
const HELD_BYTES = 1_000;

interface Spaces {
  readonly heapSpaceStatistics: readonly { readonly spaceName: string; readonly spaceUsedSize: number }[];
}

const oldGeneration = ({ heapSpaceStatistics: spaces }: Spaces): number =>
  spaces.find(({ spaceName }) => spaceName === 'old_space')?.spaceUsedSize ?? 0;

/** The bytes that collections of the young generation moved to the old one while functions were bound, called and forgotten. */
const leftBehind = (collectYoung: () => void): number => {
  collectYoung();
  const profiler = new GCProfiler();
  profiler.start();
  for (let made = 0; made < BOUND; made += 1) {
    const held = Array.from({ length: HELD_BYTES / 8 }, (_, index) => index + made + 0.5);
    new AsyncResource('test').bind(() => held.length)();
    if (made % 500 === 0) collectYoung();
  }
  collectYoung();
  return profiler
    .stop()
    .statistics.filter(({ gcType }) => gcType === 'Scavenge')
    .reduce((sum, { beforeGC, afterGC }) => sum + oldGeneration(afterGC) - oldGeneration(beforeGC), 0);
};

describe('a light binding', () => {
  const original = AsyncResource.prototype.bind;
  beforeEach(() => useLightBindings());
  afterEach(() => {
    AsyncResource.prototype.bind = original;
  });

  it('runs in the scope in which its resource was made, with the arguments and the result of the function', () => {
    const storage = new AsyncLocalStorage<string>();
    const bound = storage.run('of the request', () =>
      new AsyncResource('test').bind((...words: string[]) => [storage.getStore(), ...words]),
    );
    expect(storage.run('of another', () => bound('a', 'b'))).toEqual(['of the request', 'a', 'b']);
  });

  it.each([
    ['the one of the call', undefined, 'called'],
    ['the one that was given', { name: 'given' }, 'given'],
  ])('has as `this` %s', (_what, self, name) => {
    const nameOf = function (this: { name: string }): string {
      return this.name;
    };
    const bound = AsyncResource.bind(nameOf, 'test', self);
    expect(bound.call({ name: 'called' })).toBe(name);
  });

  it('leaves nothing of a call behind for a complete collection', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void;
    // Other things of this process get old beside it, in one round or another; the bindings of Node.js leave all of it in each.
    const left = [1, 2, 3].map(() => leftBehind(() => collect({ type: 'minor' })));
    expect(Math.min(...left)).toBeLessThan((BOUND * HELD_BYTES) / 4);
  });
});
