import { Refusal } from '@quotebridge/platform/core';
import { LiveErp, type LiveAnswer } from './live-erp';
import { LookUp, type Sources } from './look-up';
import { valueOf } from './looked-up';

const clock = { time: 1_700_000_000_000, now: () => clock.time };
const lookUp = (deadlineMs = 60_000) =>
  new LookUp({ clock, freshMs: 1_000, maxEntries: 2, maxCharacters: 100, aloneMs: 5, deadlineMs });
const never = () => new Promise<never>(() => undefined);
const live = async (): Promise<LiveAnswer> => ({ ok: true, value: { from: 'erp' }, asOf: '2026-01-01' });
const silent = async (): Promise<LiveAnswer> => ({ ok: false, reason: 'late' });
const master = async () => ({ from: 'master' });
const away = async (): Promise<never> => {
  throw new Refusal(503, 'componentAway', 'away');
};

describe('a look-up', () => {
  it('prefers the ERP and marks what is not from it', async () => {
    expect(await lookUp().answer(['a'], { live, master })).toMatchObject({
      text: JSON.stringify({ from: 'erp' }),
      stale: false,
    });
    expect(await lookUp().answer(['a'], { live: silent, master })).toMatchObject({
      text: JSON.stringify({ from: 'master' }),
      stale: true,
      reason: 'late',
    });
    expect(await lookUp().answer(['a'], { live, master: away })).toMatchObject({
      text: JSON.stringify({ from: 'erp' }),
    });
  });

  it('gives an answer of the ERP again for a while, one of master data for a shorter one', async () => {
    const here = lookUp();
    await here.answer(['a'], { live, master });
    clock.time += 999;
    expect((await here.answer(['a'], { live: silent, master })).source).toBe('erp');
    clock.time += 1;
    expect((await here.answer(['a'], { live: silent, master })).source).toBe('masterData');
    clock.time += 200;
    expect((await here.answer(['a'], { live, master })).source).toBe('erp');
  });

  it('gives what was known when everything is away, with its age; a verdict of the master data counts', async () => {
    const here = lookUp();
    const first = await here.answer(['a'], { live, master });
    clock.time += 60_000;
    expect(await here.answer(['a'], { live: silent, master: away })).toEqual({
      ...first,
      stale: true,
      reason: 'late',
      isOld: true,
    });
    const gone = async (): Promise<never> => {
      throw new Refusal(404, 'notFound', 'gone');
    };
    await expect(here.answer(['a'], { live: silent, master: gone })).rejects.toMatchObject({ status: 404 });
    clock.time += 3_600_000;
    await expect(here.answer(['a'], { live: silent, master: away })).rejects.toMatchObject({ status: 503 });
  });

  it('asks once for equal questions at the same time, and keeps no more than it may', async () => {
    const here = lookUp();
    let questions = 0;
    const counted = (): Promise<LiveAnswer> => {
      questions += 1;
      return live();
    };
    await Promise.all(['a', 'a', 'b', 'c'].map((key) => here.answer([key], { live: counted, master })));
    expect(questions).toBe(3);
    await here.answer(['a'], { live: counted, master });
    expect(questions).toBe(4);
  });
});

describe('an answer of the ERP that lacks something', () => {
  const complete: NonNullable<Sources['complete']> = async (found, known) => ({
    ...found,
    beside: (await known()) ?? null,
  });

  it('has it from master data when they are there soon, and does not wait for them for long', async () => {
    const whole = await lookUp().answer(['a'], { live, master, complete });
    expect(valueOf(whole)).toEqual({ from: 'erp', beside: { from: 'master' } });
    for (const without of [never, away]) {
      const found = await lookUp().answer(['a'], { live, master: without, complete });
      expect(found).toMatchObject({
        text: JSON.stringify({ from: 'erp', beside: null }),
        source: 'erp',
        stale: false,
      });
    }
  });
});

describe('a look-up that waits', () => {
  it('gives the answer of the ERP when it comes, whatever the master data do', async () => {
    expect(await lookUp().answer(['a'], { live, master: never })).toMatchObject({
      source: 'erp',
      stale: false,
    });
  });

  it('tells when the master data were so, not when they were read', async () => {
    const asOf = '2026-01-31T00:00:00.000Z';
    const found = await lookUp().answer(['a'], {
      live: silent,
      master: async () => ({ net: 1, asOf }),
    });
    expect(found).toMatchObject({ asOf, text: JSON.stringify({ net: 1 }) });
    expect((await lookUp().answer(['a'], { live: silent, master })).asOf).toBe(
      new Date(clock.time).toISOString(),
    );
  });

  it('ends at its deadline, with what was known or a refusal, and keeps what comes later', async () => {
    const here = lookUp(5);
    let come: (value: { from: string }) => void = () => undefined;
    const slow = () => new Promise<{ from: string }>((resolve) => (come = resolve));
    await expect(here.answer(['a'], { live: silent, master: slow })).rejects.toMatchObject({
      status: 503,
      code: 'noAnswerInTime',
    });
    come({ from: 'master' });
    expect(await here.answer(['a'], { live: silent, master: never })).toMatchObject({
      text: JSON.stringify({ from: 'master' }),
    });
    clock.time += 5_000;
    expect(await here.answer(['a'], { live: never, master: never })).toMatchObject({
      text: JSON.stringify({ from: 'master' }),
      stale: true,
      reason: 'no answer within 5 ms',
    });
  });
});

describe('asking the ERP', () => {
  it('leaves it alone when most questions fail, not after a few failures and not after refusals', async () => {
    let questions = 0;
    let answer: unknown = { ok: false, kind: 'refused', reason: 'no such part' };
    const bus = {
      request: async () => {
        questions += 1;
        return answer;
      },
    };
    const erp = new LiveErp({ bus, instance: 's4hana', deadlineMs: 100, restMs: 60_000 });
    for (let call = 0; call < 10; call += 1)
      expect(await erp.ask('price', {})).toEqual({ ok: false, reason: 'no such part' });
    answer = { ok: false, kind: 'late', reason: 'late' };
    for (let call = 0; call < 9; call += 1)
      expect(await erp.ask('price', {})).toEqual({ ok: false, reason: 'late' });
    expect(questions).toBe(19);
    for (let call = 0; call < 100; call += 1) expect((await erp.ask('price', {})).ok).toBe(false);
    expect(questions).toBeLessThan(60);
    expect(await erp.ask('price', {})).toMatchObject({ reason: 'the ERP keeps failing and is left alone' });
  });

  it('asks nobody when no ERP is connected, and never throws', async () => {
    const bus = {
      request: async () => {
        throw new Error('no responders');
      },
    };
    const options = { bus, deadlineMs: 100 };
    expect(await new LiveErp({ ...options, instance: '' }).ask('bom', {})).toMatchObject({ ok: false });
    expect(await new LiveErp({ ...options, instance: 'x' }).ask('bom', {})).toMatchObject({
      reason: 'no responders',
    });
  });
});

describe('the master data', () => {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const asked: number[] = [];
  const noted = async () => {
    asked.push(performance.now());
    return { from: 'master' };
  };
  const answering = (afterMs: number, answer: LiveAnswer) => (): Promise<LiveAnswer> =>
    wait(afterMs).then(() => answer);
  const erp: LiveAnswer = { ok: true, value: {}, asOf: '2026-01-01' };
  const failed: LiveAnswer = { ok: false, reason: 'late' };

  beforeEach(() => {
    asked.length = 0;
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => jest.useRealTimers());

  it.each<[string, number, LiveAnswer, Sources['complete'], number[]]>([
    ['are not asked when the ERP answers early', 4, erp, undefined, []],
    ['are asked when it takes long', 9, erp, undefined, [5]],
    ['are asked as soon as it fails', 2, failed, undefined, [2]],
    ['are asked once when it takes long and fails', 9, failed, undefined, [5]],
    ['are asked at once when they complete its answer', 4, erp, async (found) => found, [0]],
  ])('%s', async (_name, afterMs, answer, complete, when) => {
    const began = performance.now();
    const live = answering(afterMs, answer);
    const given = lookUp().answer(['a'], { live, master: noted, ...(complete && { complete }) });
    await jest.advanceTimersByTimeAsync(20);
    expect((await given).source).toBe(answer.ok ? 'erp' : 'masterData');
    expect(asked.map((at) => at - began)).toEqual(when);
  });
});

describe('answers that are kept', () => {
  it('have no more characters together than they may, whatever one of them has', async () => {
    const here = new LookUp({
      clock,
      freshMs: 1_000,
      maxEntries: 10,
      maxCharacters: 100,
      aloneMs: 5,
      deadlineMs: 60_000,
    });
    let questions = 0;
    const of = (length: number): Sources => ({
      live: async () => {
        questions += 1;
        return { ok: true, value: { text: 'x'.repeat(length) }, asOf: '2026-01-01' };
      },
      master,
    });
    for (const [key, length] of Object.entries({ a: 20, b: 20, c: 60 })) await here.answer([key], of(length));
    expect(questions).toBe(3);
    await here.answer(['c'], of(60));
    await here.answer(['b'], of(20));
    expect(questions).toBe(4);
    expect(valueOf(await here.answer(['d'], of(500)))).toEqual({ text: 'x'.repeat(500) });
    await here.answer(['d'], of(500));
    expect(questions).toBe(6);
  });
});

describe('more questions than can be answered in time', () => {
  afterEach(() => jest.useRealTimers());

  it('are refused at once, so that as many others are answered in time as can be', async () => {
    jest.useFakeTimers();
    const here = lookUp(50);
    const [everyMs, workMs, questions] = [2, 10, 500];
    let isFreeAt = 0;
    /** A service that does one thing after the other. */
    const slow = () =>
      new Promise<{ from: string }>((resolve) => {
        isFreeAt = Math.max(isFreeAt, performance.now()) + workMs;
        setTimeout(() => resolve({ from: 'master' }), isFreeAt - performance.now());
      });
    const outcomes: Record<string, number> = {};
    const count = (outcome: string): void => void (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1);
    for (let sent = 0; sent < questions; sent += 1) {
      void here.answer(['bom', String(sent)], { live: silent, master: slow }).then(
        () => count('in time'),
        ({ code }: Refusal) => count(code),
      );
      await jest.advanceTimersByTimeAsync(everyMs);
    }
    await jest.advanceTimersByTimeAsync(1_000);
    const carried = (questions * everyMs) / workMs;
    expect(outcomes['in time']).toBeGreaterThan(carried / 2);
    expect(outcomes['tooMuchToDo']).toBeGreaterThan(questions / 2);
    expect(Object.values(outcomes).reduce((sum, one) => sum + one)).toBe(questions);
  });

  it('of one kind are nothing to those of another, and get what was known', async () => {
    const here = lookUp(5);
    await here.answer(['bom', 'known'], { live, master });
    clock.time += 2_000;
    const late = (sent: number) => here.answer(['bom', String(sent)], { live: silent, master: never });
    const many = Array.from({ length: 40 }, (_, sent) => late(sent));
    expect((await Promise.allSettled(many)).map(({ status }) => status)).not.toContain('fulfilled');
    await expect(late(41)).rejects.toMatchObject({ status: 503, code: 'tooMuchToDo' });
    expect(await here.answer(['bom', 'known'], { live: never, master: never })).toMatchObject({
      stale: true,
      reason: 'too many questions of this kind are under way',
    });
    expect(await here.answer(['price', 'a'], { live, master })).toMatchObject({ source: 'erp' });
  });
});
