import { systemClock } from '@quotebridge/platform/core';
import { KubeClient } from './kube-client';
import { Mirror, type MirrorOptions } from './mirror';
import { LEASES } from './leader';
import { listBody, sendJson, startFakeApi, watchLine, type Answer, type FakeApi } from './testing/fake-api';

const list =
  (version: string, ...names: readonly string[]): Answer =>
  (response) =>
    sendJson(response, 200, listBody(version, ...names));
const hold: Answer = (response) => void response.writeHead(200).write('');
const object = (name: string, resourceVersion: string): object => ({
  metadata: { name, namespace: 'n', resourceVersion, managedFields: [{ manager: 'x' }] },
});
const status = (code: number, reason: string): object => ({ kind: 'Status', code, reason, message: 'no' });

describe('Mirror', () => {
  const open: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  const mirrorOf = async (
    lists: readonly Answer[],
    watches: readonly Answer[],
    options: Partial<MirrorOptions> = {},
  ): Promise<{ mirror: Mirror; api: FakeApi; changes: string[]; troubles: string[] }> => {
    const api = await startFakeApi(lists, watches);
    const client = new KubeClient({ address: { url: api.url }, manager: 'test' });
    const [changes, troubles]: [string[], string[]] = [[], []];
    const mirror = new Mirror({
      client,
      type: LEASES,
      selection: {},
      clock: systemClock,
      random: () => 0,
      relistMs: 60_000,
      silenceMs: 60_000,
      changed: (now, before) =>
        changes.push(`${before?.metadata.name ?? '-'} → ${now?.metadata.name ?? '-'}`),
      trouble: (message) => troubles.push(message),
      ...options,
    });
    open.push(
      api.stop,
      () => client.close(),
      () => mirror.stop(),
    );
    mirror.start();
    await mirror.synced;
    return { mirror, api, changes, troubles };
  };

  const until = async (look: () => boolean): Promise<void> => {
    while (!look()) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it('follows additions, changes and deletions, and keeps no record of field owners', async () => {
    const { mirror, changes } = await mirrorOf(
      [list('1', 'a', 'b')],
      [
        (response) => {
          response.write(watchLine('ADDED', object('c', '2')));
          response.write(watchLine('MODIFIED', object('a', '3')));
          response.write(watchLine('BOOKMARK', object('', '4')));
          response.write(watchLine('DELETED', object('b', '5')));
        },
      ],
    );
    await until(() => changes.length === 5);
    expect(changes).toEqual(['- → a', '- → b', '- → c', 'a → a', 'b → -']);
    expect([...mirror.values()].map(({ metadata }) => metadata)).toEqual([
      { name: 'a', namespace: 'n', resourceVersion: '3' },
      { name: 'c', namespace: 'n', resourceVersion: '2' },
    ]);
  });

  it.each<[string, Answer]>([
    ['before the watch', (response) => sendJson(response, 410, status(410, 'Expired'))],
    ['in the watch', (response) => response.end(watchLine('ERROR', status(410, 'Expired')))],
  ])('410 Gone %s: reads everything anew, and tells only what differs', async (_when, gone) => {
    const { api, changes, troubles } = await mirrorOf(
      [list('1', 'a', 'b'), list('9', 'b', 'c')],
      [gone, hold],
    );
    await until(() => api.requests.length === 4);
    expect(api.requests).toEqual(['list', 'watch 1', 'list', 'watch 9']);
    expect(changes.slice(2).sort()).toEqual(['- → c', 'a → -', 'b → b']);
    expect(troubles).toEqual([]);
  });

  it('a watch that ends as planned goes on where it was, without a new list', async () => {
    const { api } = await mirrorOf(
      [list('1')],
      [(response) => response.end(watchLine('BOOKMARK', object('', '7'))), hold],
    );
    await until(() => api.requests.length === 3);
    expect(api.requests).toEqual(['list', 'watch 1', 'watch 7']);
  });

  it('a watch that ends at once without a word is no watch: everything is read anew, after a pause', async () => {
    // However long the answer takes to come.
    const clock = { now: () => 1 };
    const ends: Answer = (response) => response.end();
    const { api, troubles } = await mirrorOf([list('1'), list('2')], [ends, hold], { clock });
    await until(() => api.requests.length === 4);
    expect(api.requests).toEqual(['list', 'watch 1', 'list', 'watch 2']);
    expect(troubles).toEqual(['A watch of leases ended at once and without a word']);
  });

  it('a watch that falls silent without closing is given up', async () => {
    const { api, troubles } = await mirrorOf([list('1'), list('2')], [hold], { silenceMs: 1_000 });
    await until(() => api.requests.length >= 4);
    expect(api.requests.slice(0, 4)).toEqual(['list', 'watch 1', 'list', 'watch 2']);
    expect(troubles[0]).toContain('Timeout');
  });

  it('a kind that the server does not know has no objects, and is looked for now and then until it comes', async () => {
    const unknown: Answer = (response) => sendJson(response, 404, status(404, 'NotFound'));
    const seen: string[] = [];
    const optional = { lookMs: 50, changed: (isServed: boolean) => seen.push(`served: ${isServed}`) };
    const { mirror, api, changes, troubles } = await mirrorOf(
      [unknown, unknown, list('1', 'a'), unknown, unknown, list('9', 'b')],
      [(response) => response.end(watchLine('ERROR', status(404, 'NotFound'))), hold],
      { optional },
    );
    expect([seen, mirror.isServed, mirror.ageMs() < Infinity]).toEqual([['served: false'], false, true]);
    await until(() => api.requests.length >= 8);
    expect(api.requests).toEqual(['list', 'list', 'list', 'watch 1', 'list', 'list', 'list', 'watch 9']);
    expect(changes).toEqual(['- → a', 'a → -', '- → b']);
    expect(seen).toEqual(['served: false', 'served: true', 'served: false', 'served: true']);
    expect([mirror.isServed, troubles]).toEqual([true, []]);
  });

  it('a kind that must be there and is not is trouble', async () => {
    const unknown: Answer = (response) => sendJson(response, 404, status(404, 'NotFound'));
    const { troubles } = await mirrorOf([unknown, list('1', 'a')], [hold]);
    expect(troubles).toEqual([expect.stringContaining('no')]);
  });

  it('a server that is busy is asked again when it says so', async () => {
    const busy: Answer = (response) =>
      sendJson(response, 429, status(429, 'TooManyRequests'), { 'retry-after': '1' });
    const start = performance.now();
    const { api } = await mirrorOf([busy, list('1', 'a')], [hold]);
    expect(performance.now() - start).toBeGreaterThan(900);
    expect(api.requests.slice(0, 2)).toEqual(['list', 'list']);
  });
});
