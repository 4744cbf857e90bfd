import * as fc from 'fast-check';
import { compareCursors, laterCursor, readFrom, type Cursor } from './cursor';
import { Progress } from './progress';

const cursor: fc.Arbitrary<Cursor> = fc.record({
  at: fc.integer({ min: 0, max: 5 }).map((hour) => new Date(Date.UTC(2026, 0, 1, hour)).toISOString()),
  id: fc.constantFrom('a', 'b', 'c'),
});

describe('cursors', () => {
  it('are totally ordered by time and then by id', () => {
    fc.assert(
      fc.property(cursor, cursor, (left, right) => {
        expect(Math.sign(compareCursors(left, right)) + Math.sign(compareCursors(right, left))).toBe(0);
        expect(compareCursors(left, right) === 0).toBe(left.at === right.at && left.id === right.id);
        expect(compareCursors(laterCursor(left, right) ?? left, left)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('a delta begins the overlap before the checkpoint, a first read at the beginning', () => {
    expect(readFrom({ at: '2026-01-01T00:05:00.000Z', id: 'x' }, 300_000)).toBe('2026-01-01T00:00:00.000Z');
    expect(readFrom(undefined, 300_000)).toBeUndefined();
  });
});

describe('guarantee 5: Progress', () => {
  it('the checkpoint never passes an open step, never moves back, and reaches the end in any order of answers', () => {
    fc.assert(
      fc.property(
        fc.array(cursor, { minLength: 1, maxLength: 20 }),
        fc.infiniteStream(fc.nat()),
        (steps, picks) => {
          const progress = new Progress(undefined);
          const open = steps.map((step) => ({ number: progress.begin(step), step }));
          const total = steps.reduce<Cursor | undefined>(laterCursor, undefined);
          let last: Cursor | undefined;
          while (open.length > 0) {
            const [settled] = open.splice((picks.next().value ?? 0) % open.length, 1);
            progress.settle(settled?.number ?? -1);
            const { checkpoint } = progress;
            const oldestOpen = open[0]?.number ?? steps.length;
            const allowed = steps.slice(0, oldestOpen).reduce<Cursor | undefined>(laterCursor, undefined);
            expect(checkpoint).toEqual(allowed);
            expect(laterCursor(last, checkpoint)).toEqual(checkpoint);
            last = checkpoint;
          }
          expect(progress.checkpoint).toEqual(total);
        },
      ),
    );
  });

  it('records of the overlap window do not take the checkpoint back', () => {
    const reached = { at: '2026-01-02T00:00:00.000Z', id: 'b' };
    const progress = new Progress(reached);
    expect(progress.settle(progress.begin({ at: '2026-01-01T00:00:00.000Z', id: 'a' }))).toBeUndefined();
    expect(progress.checkpoint).toEqual(reached);
  });
});
