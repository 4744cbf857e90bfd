import { RelayQueue } from './relay-work';

const event = (id: string) => ({ id, subject: 's', at: new Date(0), body: '{}' });
const fresh = (id: string) => ({ collection: 'things', fresh: { id, events: [event(`${id}1`)] } });
const given = (id: string) => {
  const { collection, fresh: one } = fresh(id);
  return { collection, fresh: { ...one, given: true } };
};

describe('what the relay has to look at', () => {
  it('is what was committed since the last time', () => {
    const queue = new RelayQueue();
    queue.add({ collection: 'things' });
    queue.add({ collection: 'others' });
    queue.add(fresh('a'));
    expect(queue.take()).toEqual({ collections: new Set(['things', 'others']), fresh: [fresh('a')] });
    expect(queue.take()).toEqual({ collections: new Set(), fresh: [] });
  });

  it('is everything when somebody cannot say what', () => {
    const queue = new RelayQueue();
    queue.add({ collection: 'things' });
    queue.add();
    expect(queue.take().collections).toBeUndefined();
  });

  it('is read back from the store when too much would be held', () => {
    const queue = new RelayQueue();
    for (let n = 0; n < 1_001; n += 1) queue.add(fresh(String(n)));
    const { collections, fresh: held } = queue.take();
    expect([held.length, collections]).toEqual([1_000, new Set(['things'])]);
  });

  it('holds what single requests leave, however many are brought together', () => {
    const queue = new RelayQueue();
    for (let n = 0; n < 1_100; n += 1) queue.add(given(String(n)));
    queue.add(fresh('a'));
    const { collections, fresh: held } = queue.take();
    expect([held.length, held.at(-1), collections]).toEqual([1_025, fresh('a'), new Set(['things'])]);
    queue.add(given('b'));
    expect(queue.take().fresh).toEqual([given('b')]);
  });

  it('is read back when the events are large', () => {
    const queue = new RelayQueue();
    const large = { ...event('l'), body: 'x'.repeat(10 * 1024 * 1024) };
    for (const id of ['a', 'b', 'c']) queue.add({ collection: 'things', fresh: { id, events: [large] } });
    queue.add(fresh('d'));
    const { collections, fresh: held } = queue.take();
    expect([held.length, collections]).toEqual([2, new Set(['things'])]);
    queue.add(fresh('e'));
    expect(queue.take().fresh).toEqual([fresh('e')]);
  });

  it('comes again where a part is left', () => {
    const queue = new RelayQueue();
    queue.addAgain({ collections: new Set(['others']), fresh: [fresh('a')] });
    expect(queue.take()).toEqual({ collections: new Set(['others', 'things']), fresh: [] });
    queue.addAgain({ collections: undefined, fresh: [] });
    expect(queue.take().collections).toBeUndefined();
  });
});
