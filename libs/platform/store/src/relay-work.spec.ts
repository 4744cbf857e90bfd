import { RelayQueue } from './relay-work';

const event = (id: string) => ({ id, subject: 's', at: new Date(0), body: '{}' });
const fresh = (id: string) => ({ collection: 'things', fresh: { id, events: [event(`${id}1`)] } });

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

  it('comes again where a part is left', () => {
    const queue = new RelayQueue();
    queue.addAgain({ collections: new Set(['others']), fresh: [fresh('a')] });
    expect(queue.take()).toEqual({ collections: new Set(['others', 'things']), fresh: [] });
    queue.addAgain({ collections: undefined, fresh: [] });
    expect(queue.take().collections).toBeUndefined();
  });
});
