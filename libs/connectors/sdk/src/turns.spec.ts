import fc from 'fast-check';
import { Turns } from './turns';

describe('turns', () => {
  it('never more at once than allowed, all of them, in the order in which they came, failures included', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.record({ steps: fc.nat(3), fails: fc.boolean() }), { maxLength: 12 }),
        async (most, pieces) => {
          const turns = new Turns(most);
          const begun: number[] = [];
          let together = 0;
          let highest = 0;
          const ends = await Promise.allSettled(
            pieces.map(({ steps, fails }, index) =>
              turns.take(async () => {
                begun.push(index);
                together += 1;
                highest = Math.max(highest, together);
                for (let step = 0; step < steps; step += 1) await Promise.resolve();
                together -= 1;
                if (fails) throw new Error('no');
                return index;
              }),
            ),
          );
          expect(begun).toEqual(pieces.map((_, index) => index));
          expect(highest).toBeLessThanOrEqual(most);
          expect(ends.map(({ status }) => status === 'rejected')).toEqual(pieces.map(({ fails }) => fails));
        },
      ),
    );
  });
});
