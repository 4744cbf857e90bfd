import { on, EventEmitter } from 'node:events';
import { headers, PermissionViolationError, type Msg, type Status } from '@nats-io/nats-core';
import { Acks, type Line } from './acks';

type Hear = (failed: Error | null, answer: Msg) => void;

const STORED = '{"stream":"TMF_EVENTS","seq":1}';

/** A connection whose other side is this test. */
const wire = () => {
  const said = new EventEmitter();
  const closing = new AbortController();
  const replies: string[] = [];
  const heard: { subject: string; hear: Hear }[] = [];
  const faults: Error[] = [];
  const line: Line = {
    publish: (_subject, _payload, { reply }) => {
      const [fault] = faults.splice(0, 1);
      if (fault !== undefined) throw fault;
      replies.push(reply);
    },
    subscribe: (subject, { callback }) => heard.push({ subject, hear: callback }),
    status: async function* () {
      try {
        for await (const [status] of on(said, 'status', { signal: closing.signal })) yield status as Status;
      } catch {
        // The connection ends without an error of its own.
      }
    },
  };
  return {
    line,
    replies,
    heard,
    faults,
    answer: (reply: string | undefined, text = STORED) =>
      heard[0]?.hear(null, { subject: reply, data: Buffer.from(text), string: () => text } as unknown as Msg),
    tell: (status: Status) => said.emit('status', status),
    close: () => closing.abort(),
  };
};

/** What became of a message: undefined as long as nothing has. */
const followed = (publishing: Promise<void>): { outcome?: string } => {
  const followed: { outcome?: string } = {};
  publishing.then(
    () => (followed.outcome = 'stored'),
    (thrown: Error) => (followed.outcome = thrown.message),
  );
  return followed;
};

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe('acknowledgements of published messages', () => {
  let side: ReturnType<typeof wire>;
  let acks: Acks;
  const send = (subject = 's') => followed(acks.publish(subject, Buffer.from('x'), headers()));

  beforeEach(() => {
    jest.useFakeTimers();
    side = wire();
    acks = new Acks(side.line, 5_000);
  });
  afterEach(() => {
    side.close();
    jest.useRealTimers();
  });

  it('reach the message that they are for, in whatever order they come, over one inbox', async () => {
    const sent = [send(), send(), send()];
    side.answer(side.replies[2]);
    side.answer(side.replies[0], '{"error":{"description":"full"}}');
    await settled();
    expect(sent.map(({ outcome }) => outcome)).toEqual(['full', undefined, 'stored']);
    expect(side.heard).toHaveLength(1);
  });

  it('that stay away are waited for as long as agreed, for each message from its own start', async () => {
    const first = send();
    await jest.advanceTimersByTimeAsync(3_000);
    const second = send();
    await jest.advanceTimersByTimeAsync(2_000);
    expect([first.outcome, second.outcome]).toEqual(['no answer within 5000 ms', undefined]);
    await jest.advanceTimersByTimeAsync(2_999);
    expect(second.outcome).toBeUndefined();
    await jest.advanceTimersByTimeAsync(2);
    expect(second.outcome).toBe('no answer within 5000 ms');
  });

  it('that come too late are not taken for the message that has the place now', async () => {
    send();
    await jest.advanceTimersByTimeAsync(5_000);
    const next = send();
    side.answer(side.replies[0]);
    await settled();
    expect(next.outcome).toBeUndefined();
    side.answer(side.replies[1]);
    side.answer(side.replies[1]);
    await settled();
    expect(next.outcome).toBe('stored');
  });

  it('of nonsense, or to nobody, do no harm', async () => {
    const one = send();
    const inbox = side.replies[0]?.replace(/[^.]*$/, '') ?? '';
    for (const token of ['', 'x', '0', '0-', '7-1', '0-2']) side.answer(`${inbox}${token}`);
    await settled();
    expect(one.outcome).toBeUndefined();
  });

  it('are not waited for when the client cannot send', async () => {
    side.faults.push(new Error('draining'));
    const one = send();
    await settled();
    expect(one.outcome).toBe('draining');
  });

  it('do not come for what may not be published: that is told at once, and only of this subject', async () => {
    const [allowed, forbidden] = [send('a'), send('b')];
    const error = new PermissionViolationError('may not', 'publish', 'b', undefined);
    side.tell({ type: 'error', error });
    await settled();
    expect([allowed.outcome, forbidden.outcome]).toEqual([undefined, 'may not']);
  });

  it('that may not be heard end all that wait, and the inbox is asked for again', async () => {
    const one = send();
    const subject = side.heard[0]?.subject ?? '';
    side.tell({
      type: 'error',
      error: new PermissionViolationError('may not', 'subscription', subject, undefined),
    });
    await settled();
    expect(one.outcome).toBe('may not');
    send();
    expect(side.heard.map((each) => each.subject)).toEqual([subject, subject]);
  });

  it('cannot come over a connection that is closed', async () => {
    const one = send();
    side.close();
    await settled();
    expect(one.outcome).toBe('the connection was closed');
  });
});
