import type { Connector, ConnectorStatus } from './connector';
import { WrittenStatuses } from './written-statuses';

const connector = (status: ConnectorStatus | undefined, uid = 'u1'): Connector => ({
  apiVersion: 'connectors.quotebridge.io/v1alpha1',
  kind: 'Connector',
  metadata: { name: 'erp', namespace: 'qb', uid },
  spec: { type: 's4hana' },
  ...(status === undefined ? {} : { status }),
});
const [BEFORE, AFTER] = [{ phase: 'Starting' }, { phase: 'Running', handledRunNow: 't1' }];

describe('a status that was written', () => {
  const tellOf = (before: ConnectorStatus | undefined, ...told: readonly Connector[]): unknown[] => {
    const statuses = new WrittenStatuses();
    statuses.note('qb/erp', connector(before), AFTER);
    return told.map((one) => statuses.seen('qb/erp', one).status);
  };

  it('is known before the watch tells of it', () => {
    expect(tellOf(BEFORE, connector(BEFORE), connector(BEFORE))).toEqual([AFTER, AFTER]);
    expect(tellOf(undefined, connector(undefined))).toEqual([AFTER]);
  });

  it('is what the watch tells from then on, also when somebody else puts back what was there before', () => {
    expect(tellOf(BEFORE, connector(AFTER), connector(BEFORE))).toEqual([AFTER, BEFORE]);
  });

  it('is known also when the watch is late by more than one', () => {
    const statuses = new WrittenStatuses();
    statuses.note('qb/erp', connector(BEFORE), AFTER);
    const last = { phase: 'Degraded' };
    statuses.note('qb/erp', statuses.seen('qb/erp', connector(BEFORE)), last);
    for (const late of [BEFORE, AFTER]) expect(statuses.seen('qb/erp', connector(late)).status).toEqual(last);
  });

  it('is not that of another Connector of the same name', () => {
    expect(tellOf(BEFORE, connector(BEFORE, 'u2'))).toEqual([BEFORE]);
  });
});
