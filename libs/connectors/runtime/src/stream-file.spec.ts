import type { JsonObject } from '@quotebridge/platform/core';
import { readStreamOptions } from './stream-file';

describe('readStreamOptions', () => {
  it('reads schedules, modes, mappings and the actions that are left alone', () => {
    const streams = [{ name: 'a', schedule: 'hourly', mode: 'compare', mapping: { name: '$.n' } }];
    const read = readStreamOptions({ streams, actions: [{ name: 'x', enabled: false }, { name: 'y' }] });
    expect(read).toEqual({ streams, withoutActions: new Set(['x']) });
    expect(readStreamOptions({})).toEqual({ streams: [], withoutActions: new Set() });
  });

  it.each<[JsonObject, string]>([
    [{ stream: [] }, 'not "stream"'],
    [{ streams: {} }, '"streams" must be a list'],
    [{ streams: [{ schedule: 'daily' }] }, 'streams[0] lacks a name'],
    [{ streams: [{ name: 'a', mode: 'fast' }] }, 'streams[0].mode must be delta, compare or full'],
    [{ streams: [{ name: 'a', mapping: { x: 1 } }] }, 'streams[0].mapping must be an object of texts'],
    [{ actions: [{ name: 'a', schedule: 'daily' }] }, 'actions[0] has "schedule"'],
  ])('%j is refused with a reason', (file, reason) => {
    expect(() => readStreamOptions(file)).toThrow(reason);
  });
});
