import { createHmac } from 'node:crypto';
import type { JsonObject } from '@quotebridge/platform/core';
import { restWorld, WEBHOOK_SECRET } from './rest-world';
import { eventually } from './sandbox-control';

describe('signed messages of a supplier, to the REST connector', () => {
  const world = restWorld();

  const door = (): string => `${world.connector?.url ?? ''}/webhooks/parts`;
  const notify = async (more: JsonObject): Promise<{ status: number; body: JsonObject }[]> => {
    const body = { url: door(), secret: WEBHOOK_SECRET, numbers: ['ET-100001', 'ET-100002'], ...more };
    const { answers } = (await world.api.post('/__sandbox/notify', body)) as {
      answers: { status: number; body: string }[];
    };
    return answers.map(({ status, body: text }) => ({ status, body: JSON.parse(text) as JsonObject }));
  };

  const signed = (body: string): Record<string, string> => {
    const time = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', WEBHOOK_SECRET).update(`${time}.${body}`).digest('hex');
    return { 'x-timestamp': time, 'x-signature': signature };
  };
  const send = async (id: string, body: string, headers = signed(body)): Promise<unknown> =>
    (await fetch(door(), { method: 'POST', body, headers: { ...headers, 'x-delivery-id': id } })).json();

  it('a message with records is taken once, however often it comes', async () => {
    await world.start();
    const answers = await notify({ times: 3 });
    expect(answers).toMatchObject([
      { status: 200, body: { counts: { created: 2 } } },
      { status: 200, body: { duplicate: true } },
      { status: 200, body: { duplicate: true } },
    ]);
    expect(world.partBatches()).toHaveLength(1);
  });

  it.each<[string, JsonObject, string]>([
    ['a wrong signature', { spoil: 'signature' }, 'signature does not fit'],
    ['another secret', { secret: 'guessed' }, 'signature does not fit'],
    ['a body that was written again', { spoil: 'body' }, 'signature does not fit'],
    ['an old time', { spoil: 'timestamp' }, 'was sent more than 300 seconds ago'],
  ])('%s is a 401 with an error id, and nothing happens', async (_name, more, reason) => {
    await world.start();
    const [answer] = await notify(more);
    expect(answer).toMatchObject({ status: 401, body: { errorId: expect.any(String) as string } });
    expect(JSON.stringify(answer?.body)).toContain(reason);
    expect(JSON.stringify(answer?.body)).not.toContain(WEBHOOK_SECRET);
    expect(world.partBatches()).toEqual([]);
  });

  it('a replay under another id has no effect', async () => {
    await world.start();
    const body = JSON.stringify({
      data: { parts: [{ number: 'ET-1', texts: { en: 'One' }, status: 'A' }] },
    });
    const signature = signed(body);
    expect(await send('first', body, signature)).toMatchObject({ counts: { created: 1 } });
    expect(await send('second', body, signature)).toEqual({ duplicate: true });
  });

  it('each message tells when its record was changed, so that one out of order is known', async () => {
    await world.oneRun();
    const message = (at: string, text: string): string =>
      JSON.stringify({
        data: { parts: [{ number: 'ET-100001', texts: { en: text }, status: 'A', changedAt: at }] },
      });
    for (const [at, text] of [
      ['2030-01-02T00:00:00Z', 'newer'],
      ['2030-01-01T00:00:00Z', 'older'],
    ] as const) {
      await send(text, message(at, text));
    }
    const sent = world.owner.batches
      .flatMap(({ records }) => records)
      .filter(({ externalId }) => externalId === 'ET-100001');
    expect(sent.map(({ modifiedAt }) => modifiedAt).slice(-2)).toEqual([
      '2030-01-02T00:00:00.000Z',
      '2030-01-01T00:00:00.000Z',
    ]);
  });

  it('a bad record goes to the quarantine, and the message counts', async () => {
    await world.start();
    const [answer] = await notify({ numbers: ['ET-100003'] });
    expect(answer?.status).toBe(200);
    world.owner.judge = () => [{ path: '/name', message: 'is not liked' }];
    const [second] = await notify({ numbers: ['ET-100004'] });
    expect(second).toMatchObject({ status: 200, body: { counts: { rejected: 1 } } });
  });

  it('without records a message begins a delta run', async () => {
    const more = { webhooks: [{ name: 'parts', stream: 'supplierParts' }] };
    await world.oneRun({}, more);
    await world.change('ET-100009', { texts: { en: 'Pushed' } });
    const [answer] = await notify({});
    expect(answer?.status).toBe(202);
    await eventually(() =>
      world.owner.resources.get(world.idOf('ET-100009'))?.['name'] === 'Pushed' ? true : undefined,
    );
  });

  it('there is no door of another name, and a large body is refused', async () => {
    await world.start();
    expect(
      (await fetch(`${world.connector?.url ?? ''}/webhooks/other`, { method: 'POST', body: '{}' })).status,
    ).toBe(404);
    expect((await fetch(door(), { method: 'POST', body: 'x'.repeat(1_100_000) })).status).toBe(413);
  });
});
