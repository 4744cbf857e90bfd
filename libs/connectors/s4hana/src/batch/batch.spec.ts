import * as fc from 'fast-check';
import type { HttpCall, HttpClient, HttpReply } from '@quotebridge/platform/resilience';
import { classify } from '../classify';
import { BatchCalls } from './batch-calls';
import { batchOfChanges, batchOfReads, readBatch } from './messages';
import { readMixed, readSection, writeMixed, type Section } from './multipart';

const HTTP = { 'content-type': 'application/http', 'content-transfer-encoding': 'binary' };

const answerPart = (status: number, body: string): Section => ({
  headers: HTTP,
  body: `HTTP/1.1 ${status} Some Reason\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}\r\n\r\n`,
});

const reply = (sections: readonly Section[], status = 202): HttpReply => {
  const { contentType, body } = writeMixed(sections);
  return { status, headers: { 'content-type': contentType }, setCookies: [], body };
};

const changeSet = (...parts: Section[]): Section => {
  const { contentType, body } = writeMixed(parts);
  return { headers: { 'content-type': contentType }, body };
};

describe('a batch that is sent', () => {
  it('has a part for each read, with the address behind the root', () => {
    const { contentType, body } = batchOfReads(['A_Product?$top=1', "A_Product('x')"]);
    const parts = readMixed(contentType, body);
    expect(parts.ok && parts.value.map((part) => part.body.split('\r\n')[0])).toEqual([
      'GET A_Product?$top=1 HTTP/1.1',
      "GET A_Product('x') HTTP/1.1",
    ]);
    expect(parts.ok && parts.value.map(({ headers }) => headers)).toEqual([HTTP, HTTP]);
  });

  it('has one change set with all changes, each with its version and length', () => {
    const change = (path: string, body: string) => ({
      method: 'PATCH' as const,
      path,
      headers: { 'if-match': 'W/"1"' },
      body,
    });
    const { contentType, body } = batchOfChanges([change('A(1)', '{"N":"é"}'), change('A(2)', '{}')]);
    const outer = readMixed(contentType, body);
    const [only, ...more] = outer.ok ? outer.value : [];
    expect(more).toEqual([]);
    const inner = readMixed(only?.headers['content-type'], only?.body ?? '');
    const messages = (inner.ok ? inner.value : []).map((part) => {
      const at = part.body.indexOf('\r\n');
      return [part.body.slice(0, at), readSection(part.body.slice(at + 2))];
    });
    expect(messages).toEqual([
      [
        'PATCH A(1) HTTP/1.1',
        { headers: { 'if-match': 'W/"1"', 'content-length': '10' }, body: '{"N":"é"}' },
      ],
      ['PATCH A(2) HTTP/1.1', { headers: { 'if-match': 'W/"1"', 'content-length': '2' }, body: '{}' }],
    ]);
  });
});

describe('the answer to a batch', () => {
  it('is read part by part, in order, without what stands behind a body', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 100, max: 599 }), fc.string({ unit: 'grapheme' })), {
          minLength: 1,
        }),
        (given) => {
          const read = readBatch(reply(given.map(([status, body]) => answerPart(status, body))));
          expect(
            read.ok &&
              read.value.map((part) => (part.kind === 'single' ? [part.reply.status, part.reply.body] : [])),
          ).toEqual(given);
        },
      ),
    );
  });

  it('tells the replies of a change set apart', () => {
    const read = readBatch(
      reply([answerPart(200, '{}'), changeSet(answerPart(204, ''), answerPart(201, '{}'))]),
    );
    expect(read).toMatchObject({
      ok: true,
      value: [{ kind: 'single' }, { kind: 'changeSet', replies: [{ status: 204 }, { status: 201 }] }],
    });
  });

  it('with a part that is shorter than it says is refused', () => {
    const part = { headers: HTTP, body: 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}' };
    expect(readBatch(reply([part]))).toEqual({ ok: false, error: 'a part is cut off' });
  });

  const error = (code: string, value: string): string =>
    JSON.stringify({ error: { code, message: { lang: 'en', value } } });

  it.each<[string, HttpReply, object]>([
    ['reads of which one failed', reply([answerPart(200, '{}'), answerPart(503, '')]), { kind: 'succeed' }],
    ['changes that were made', reply([changeSet(answerPart(204, ''))]), { kind: 'succeed' }],
    [
      'changes that are refused',
      reply([answerPart(400, error('V1/1', 'no'))]),
      { kind: 'reject', reason: 'HTTP 400 V1/1 no', code: 'V1/1' },
    ],
    ['changes of an outdated version', reply([answerPart(412, error('X/1', 'changed'))]), { kind: 'reject' }],
    ['changes without a version', reply([answerPart(428, error('X/2', 'If-Match'))]), { kind: 'reject' }],
    [
      'changes of a locked document',
      reply([answerPart(400, error('V1/042', 'being processed by user X'))]),
      { kind: 'retryAfter' },
    ],
    ['changes that failed half way', reply([answerPart(500, '')]), { kind: 'retryAfter' }],
    ['a page of a proxy', { ...reply([]), body: '<html>' }, { kind: 'retryAfter' }],
  ])('of %s is taken for what it is', (_what, given, expected) => {
    const url = 'https://s4.example/sap/opu/odata/sap/S/$batch?sap-client=100';
    expect(classify({ method: 'POST', url, atMs: 0, reply: given })).toMatchObject(expected);
  });
});

describe('reads in batches', () => {
  const callsWith = (answer: (call: HttpCall) => HttpReply): { calls: BatchCalls; sent: HttpCall[] } => {
    const sent: HttpCall[] = [];
    const http = {
      call: async (call: HttpCall) => {
        sent.push(call);
        return answer(call);
      },
    };
    return { calls: new BatchCalls(http as unknown as HttpClient, (root) => `${root}/$batch`), sent };
  };
  const askedIn = (call: HttpCall): string[] =>
    [...(call.body ?? '').matchAll(/GET (\S+) HTTP/g)].map(([, path]) => path ?? '');

  it('every path has its answer, in few calls; what failed and what stands alone is left to be asked again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 14 }), async (isWell) => {
        const paths = isWell.map((_well, index) => `Set(${index})`);
        const { calls, sent } = callsWith((call) =>
          reply(askedIn(call).map((path) => answerPart(isWell[paths.indexOf(path)] ? 200 : 503, path))),
        );
        const answers = await calls.read('/root', paths);
        const isLast = (index: number): boolean => index === paths.length - 1 && index % 5 === 0;
        expect(answers.map((one) => one?.body)).toEqual(
          paths.map((path, index) => (isWell[index] === true && !isLast(index) ? path : undefined)),
        );
        expect(sent.length).toBe(Math.floor(paths.length / 5) + (paths.length % 5 > 1 ? 1 : 0));
      }),
    );
  });

  it.each([
    ['fewer', [answerPart(200, 'a')]],
    ['more', [answerPart(200, 'a'), answerPart(200, 'b'), answerPart(200, 'c')]],
    ['others', [answerPart(200, 'a'), changeSet(answerPart(200, 'b'))]],
  ])('answers that are %s than asked for are not taken for another’s', async (what, sections) => {
    const { calls } = callsWith(() => reply(sections));
    const answers = await calls.read('/root', ['A', 'B']);
    expect(answers.map((one) => one?.body)).toEqual(
      what === 'others' ? ['a', undefined] : [undefined, undefined],
    );
  });
});
