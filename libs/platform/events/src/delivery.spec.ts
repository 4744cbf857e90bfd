import { eventIdOf, PermanentError } from './delivery';
import { ingestSubject, outcomeSubject } from './ingest';
import { STREAMS } from './topology';

describe('eventIdOf', () => {
  it.each([
    ['the envelope has one', { eventId: 'e1' }, 'e1'],
    ['the envelope has none', { event: {} }, 'm1'],
    ['it is empty', { eventId: '' }, 'm1'],
    ['it is no text', { eventId: 7 }, 'm1'],
    ['the payload is a list', ['eventId'], 'm1'],
    ['the payload is null', null, 'm1'],
  ])('when %s', (_case, payload, id) => {
    expect(eventIdOf({ id: 'm1', json: () => payload })).toBe(id);
  });

  it('passes on that the payload cannot be read', () => {
    const broken = (): never => {
      throw new PermanentError('not JSON');
    };
    expect(() => eventIdOf({ id: 'm1', json: broken })).toThrow(PermanentError);
  });
});

describe('the streams', () => {
  it('are all bounded in size and age', () => {
    for (const { max_bytes: bytes, max_age: age } of STREAMS) {
      expect(bytes).toBeGreaterThan(0);
      expect(age).toBeGreaterThan(0);
    }
  });

  it('take the subjects of batches and outcomes', () => {
    expect(ingestSubject('quote')).toBe('ingest.quote');
    expect(outcomeSubject('run.1')).toBe('ingest.outcome.run.1');
    expect(STREAMS.find(({ name }) => name === 'INGEST')?.subjects).toEqual(['ingest.>']);
  });
});
