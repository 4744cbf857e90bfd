import * as fc from 'fast-check';
import { Refusal, systemClock, type JsonObject } from '@quotebridge/platform/core';
import { readCloudEvent } from './cloud-event';
import { cloudEventWebhook } from './cloud-event-webhook';
import { MemoryStores } from './testing/memory-stores';
import type { PushPort, WebhookMessage } from './webhook';

const word = fc.string({ minLength: 1, maxLength: 30 });
const structured = (event: JsonObject): WebhookMessage => ({
  headers: { 'content-type': 'application/cloudevents+json' },
  body: Buffer.from(JSON.stringify(event)),
});
const binary = ({ data, ...attributes }: JsonObject): WebhookMessage => ({
  headers: Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encodeURIComponent(String(value))]),
  ),
  body: Buffer.from(data === undefined ? '' : JSON.stringify(data)),
});

describe('CloudEvents', () => {
  it('say the same in structured and in binary mode', () => {
    fc.assert(
      fc.property(word, word, word, fc.option(fc.dictionary(word, word), { nil: undefined }), (...given) => {
        const [id, source, type, data] = given;
        const event = { specversion: '1.0', id, source, type, ...(data === undefined ? {} : { data }) };
        const expected = { id, source, type, ...(data === undefined ? {} : { data: { ...data } }) };
        expect(readCloudEvent(structured(event))).toEqual({ ok: true, value: expected });
        expect(readCloudEvent(binary(event))).toEqual({ ok: true, value: expected });
      }),
    );
  });

  it.each<[string, WebhookMessage]>([
    ['no JSON', { headers: {}, body: Buffer.from('<event/>') }],
    ['a list', { headers: {}, body: Buffer.from('[]') }],
    ['another version', structured({ specversion: '2.0', id: '1', source: 's', type: 't' })],
    ['no id', structured({ specversion: '1.0', source: 's', type: 't' })],
    ['an id that is no text', structured({ specversion: '1.0', id: 1, source: 's', type: 't' })],
    ['an endless id', structured({ specversion: '1.0', id: 'x'.repeat(501), source: 's', type: 't' })],
    ['no type in its headers', binary({ specversion: '1.0', id: '1', source: 's' })],
  ])('%s is none', (_what, message) => {
    expect(readCloudEvent(message)).toMatchObject({ ok: false });
  });
});

describe('a door for CloudEvents', () => {
  const basic = (user: string, password: string): string =>
    `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const port = {} as PushPort;

  const door = (take: () => void = () => undefined) => {
    const taken: string[] = [];
    const webhook = cloudEventWebhook(
      {
        ...{ name: 'events', title: 'Events', maxBytes: 1024, user: 'broker', password: 'secret' },
        take: async ({ source, id }) => {
          take();
          taken.push(`${source}/${id}`);
          return { status: 202, body: {} };
        },
      },
      { clock: systemClock, notes: new MemoryStores().notes },
    );
    const deliver = async (id: string, authorization = basic('broker', 'secret'), source = 's') => {
      const message = structured({ specversion: '1.0', id, source, type: 't' });
      return webhook.receive({ ...message, headers: { ...message.headers, authorization } }, port);
    };
    return { taken, deliver, webhook };
  };

  it('takes an event once, however often and in whatever order it is delivered', async () => {
    const { taken, deliver } = door();
    for (const id of ['2', '1', '2', '1', '3', '2']) await deliver(id);
    expect(taken).toEqual(['s/2', 's/1', 's/3']);
    expect(await deliver('1')).toEqual({ status: 200, body: { duplicate: true } });
    // An id is unique within its source only.
    expect(await deliver('1', basic('broker', 'secret'), 'other')).toMatchObject({ status: 202 });
  });

  it.each(['', basic('broker', 'guessed'), basic('else', 'secret'), 'Bearer secret', 'Basic secret'])(
    'lets nobody in with %j',
    async (authorization) => {
      const { taken, deliver } = door();
      await expect(deliver('1', authorization)).rejects.toMatchObject({ status: 401 });
      expect(taken).toEqual([]);
    },
  );

  it('takes an event that could not be taken when it comes again', async () => {
    let isAway = true;
    const { taken, deliver } = door(() => {
      if (isAway) throw new Refusal(503, 'notTaken', 'later');
    });
    await expect(deliver('1')).rejects.toMatchObject({ status: 503 });
    isAway = false;
    await deliver('1');
    expect(taken).toEqual(['s/1']);
  });

  it('refuses what is no event', async () => {
    const { webhook } = door();
    const headers = { authorization: basic('broker', 'secret') };
    await expect(webhook.receive({ headers, body: Buffer.from('{}') }, port)).rejects.toMatchObject({
      status: 400,
    });
  });
});
