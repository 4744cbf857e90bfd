import type { OutboxEvent } from '@quotebridge/platform/store';
import fc from 'fast-check';
import { inGroups, outgrows } from './event-overflow';

const MEGA = 1024 * 1024;
const bodies = Array.from({ length: 13 }, (_, mega) => 'x'.repeat(mega * MEGA));
const event = (mega: number, id: number): OutboxEvent => ({
  id: String(id),
  subject: 's',
  at: new Date(0),
  body: bodies[mega] ?? '',
});

test('groups keep every event in its order, and only a single event may be too large for one', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 12 }), (sizes) => {
      const events = sizes.map(event);
      const groups = inGroups(events);
      expect(groups.flat().map(({ id }) => id)).toEqual(events.map(({ id }) => id));
      expect(groups.filter((group) => group.length === 0 || (group.length > 1 && outgrows(group)))).toEqual(
        [],
      );
    }),
  );
});
