import fc from 'fast-check';
import { Slots } from './slots';

describe('slots', () => {
  it('have what was put in and not taken out, each once, whatever the order of both', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant('in'), fc.nat({ max: 20 }))), (steps) => {
        const slots = new Slots<{ number: number }>();
        const held = new Map<number, number>();
        steps.forEach((step, number) => {
          if (step === 'in') {
            const place = slots.take({ number });
            expect(held.has(place)).toBe(false);
            held.set(place, number);
          } else {
            expect(slots.at(step)?.number).toBe(held.get(step));
            slots.free(step);
            held.delete(step);
          }
        });
        const byNumber = (one: number, other: number): number => one - other;
        expect(
          slots
            .taken()
            .map(({ number }) => number)
            .sort(byNumber),
        ).toEqual([...held.values()].sort(byNumber));
      }),
    );
  });

  it('use places again, so that there are as many as were taken at once', () => {
    const slots = new Slots<string>();
    const places = new Set<number>();
    for (let round = 0; round < 100; round += 1) {
      const two = [slots.take('a'), slots.take('b')];
      for (const place of two) places.add(place);
      for (const place of two) slots.free(place);
    }
    expect(places.size).toBe(2);
  });
});
