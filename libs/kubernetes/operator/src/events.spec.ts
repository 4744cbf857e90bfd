import type { JsonObject } from '@quotebridge/platform/core';
import { recordNotices } from './events';

const connector = {
  apiVersion: 'connectors.quotebridge.io/v1alpha1',
  kind: 'Connector',
  metadata: { name: 'erp', namespace: 'qb', uid: 'u' },
  spec: { type: 's4hana' },
};

it.each<[string, string, number, RegExp]>([
  ['as it is', 'Ready: well', 11, /^Ready: well$/],
  ['as long as the API server takes it', 'x'.repeat(1_024), 1_024, /^x+$/],
  ['cut where it is longer', 'x'.repeat(1_025), 1_024, /^x{1021}…$/],
  ['cut by bytes, no letter in two', `x${'ü'.repeat(600)}`, 1_024, /^xü{510}…$/],
  ['cut by bytes, no letter in two, wherever that comes', 'ü'.repeat(600), 1_023, /^ü{510}…$/],
])('the message of an event stands in it %s', async (_what, message, bytes, text) => {
  const notes: string[] = [];
  const client = {
    create: async (_type: object, _namespace: string | undefined, object: object) => {
      notes.push(String((object as JsonObject)['note']));
      return connector;
    },
  };
  const notice = { type: 'Warning' as const, reason: 'RunFailed', message };
  await recordNotices({ client, clock: { now: () => 0 }, instance: 'one' }, connector, [notice]);
  expect(notes).toEqual([expect.stringMatching(text)]);
  expect(Buffer.byteLength(notes[0] ?? '')).toBe(bytes);
});
