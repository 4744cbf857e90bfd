import { setImmediate as turn } from 'node:timers/promises';
import { systemClock } from '@quotebridge/platform/core';
import type { Connector } from './connector';
import { Poller } from './poller';
import type { ReportFact } from './report';

const ERP: Connector = {
  apiVersion: 'connectors.quotebridge.io/v1alpha1',
  kind: 'Connector',
  metadata: { name: 'erp', namespace: 'qb', uid: 'u1' },
  spec: { type: 's4hana' },
};
const LATE: ReportFact = { ok: false, message: 'The operation was aborted due to timeout' };
const WELL: ReportFact = { ok: true, report: { state: 'running', streams: [] } };

/** What the poller tells of one connector that answers these in turn, as often as it is told of news. */
const told = async (
  answers: readonly ReportFact[],
  news: number,
): Promise<{ facts: readonly (ReportFact | undefined)[]; asked: number }> => {
  let asked = 0;
  const facts: (ReportFact | undefined)[] = [];
  const poller = new Poller({
    api: {
      report: async () => {
        const answer = answers[asked] ?? LATE;
        asked += 1;
        return answer;
      },
    },
    target: () => ERP,
    changed: (key) => facts.push(poller.reportOf(key)),
    everyMs: 60_000,
    workers: 1,
    random: () => 0.5,
    clock: systemClock,
  });
  poller.start();
  for (let n = 0; n < news; n += 1) {
    poller.add('qb/erp');
    for (let turns = 0; turns < 10; turns += 1) await turn();
  }
  await poller.stop();
  return { facts, asked };
};

describe('what an operator tells of a connector', () => {
  it.each([
    ['that answers', [WELL], 1, [WELL], 1],
    ['whose first answer after the start of the operator is late', [LATE, WELL], 1, [WELL], 2],
    ['that does not answer', [LATE, LATE], 1, [LATE], 2],
    ['that answers no more', [WELL, LATE, WELL], 3, [WELL, LATE, WELL], 3],
  ])('%s', async (_what, answers, news, facts, asked) => {
    expect(await told(answers, news)).toEqual({ facts, asked });
  });
});
