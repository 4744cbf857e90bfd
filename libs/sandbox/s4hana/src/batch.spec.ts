import type { JsonObject } from '@quotebridge/platform/core';
import type { Sandbox } from '@quotebridge/sandbox/core';
import { startS4Sandbox } from './start';
import {
  TestCaller,
  batchPart as part,
  changeSet,
  orderBody,
  partStatuses,
  rows,
  sendBatch,
  type Answer,
} from './testing';

const SERVICE = 'API_SALES_ORDER_SRV';
const ORDERS = `${SERVICE}/A_SalesOrder`;

let sandbox: Sandbox;
let caller: TestCaller;

beforeEach(async () => {
  sandbox = await startS4Sandbox({ port: 0, host: '127.0.0.1' });
  caller = new TestCaller(sandbox.url);
  await caller.fetchCsrf();
});

afterEach(() => sandbox.close());

const batch = (...parts: string[]): Promise<Answer> => sendBatch(caller, SERVICE, ...parts);
const create = (changes: JsonObject = {}): string => part('POST', 'A_SalesOrder', orderBody(changes));
const named = async (external: string): Promise<JsonObject[]> =>
  rows(await caller.get(`${ORDERS}?$filter=${encodeURIComponent(`ExternalDocumentID eq '${external}'`)}`));

describe('$batch', () => {
  it('answers reads and a changeset in order', async () => {
    const answer = await batch(
      part('GET', 'A_SalesOrder/$count'),
      changeSet(create(), create({ ExternalDocumentID: 'order-2' })),
      part('GET', 'A_SalesOrder?$select=SalesOrder'),
      part('GET', "A_SalesOrder('1')"),
    );
    expect(answer.status).toBe(202);
    expect(answer.headers.get('content-type')).toContain('multipart/mixed');
    expect(partStatuses(answer)).toEqual([200, 201, 201, 200, 404]);
    expect(await named('order-2')).toHaveLength(1);
  });

  it('keeps nothing of a changeset when one part is refused, and answers once for all of it', async () => {
    const answer = await batch(changeSet(create(), create({ SoldToParty: '99' })));
    expect(partStatuses(answer)).toEqual([400]);
    expect(await named('order-1')).toEqual([]);
  });

  it('by fault fails in the middle of a changeset and keeps nothing', async () => {
    await caller.arm({ name: 'failInChangeset', after: 1 });
    const answer = await batch(part('GET', 'A_SalesOrder/$count'), changeSet(create(), create()));
    expect(partStatuses(answer)).toEqual([200, 500]);
    expect(await named('order-1')).toEqual([]);
  });

  it('by fault fails in one read and answers the others', async () => {
    await caller.arm({ name: 'failBatchPart', after: 1 });
    const answer = await batch(...[1, 2, 3].map(() => part('GET', 'A_SalesOrder/$count')));
    expect([answer.status, partStatuses(answer)]).toEqual([202, [200, 503, 200]]);
  });

  it('needs a CSRF token and a boundary', async () => {
    const broken = await caller.write('POST', `${SERVICE}/$batch`, 'x', { 'content-type': 'text/plain' });
    expect(broken.status).toBe(400);
    const outside = new TestCaller(sandbox.url);
    expect((await outside.write('POST', `${SERVICE}/$batch`, '')).status).toBe(403);
  });
});
