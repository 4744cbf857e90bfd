import type { JsonObject } from '@quotebridge/platform/core';
import { mapCancellation, type CancelMapSettings } from './cancellation';
import { orderId } from './order';

const settings: CancelMapSettings = { idField: 'Id__c', statuses: ['Cancelled', 'Void'], accepted: false };
const ID = '801000000000001AAA';
const OWN = orderId('crm', ID);
const map = (more: JsonObject, accepted = false) =>
  mapCancellation('crm', { ...settings, accepted })({
    Id: ID,
    Status: 'Activated',
    IsDeleted: false,
    SystemModstamp: '2026-01-01T00:00:00.000+0000',
    ...more,
  });

describe('an order of the CRM', () => {
  it.each<[string, JsonObject, string | undefined]>([
    ['that goes on', { Id__c: OWN }, undefined],
    ['that never became a product order', { Id__c: null, Status: 'Cancelled' }, undefined],
    ['that never became one and is deleted', { Id__c: null, IsDeleted: true }, undefined],
    ['that is cancelled', { Id__c: OWN, Status: 'Cancelled' }, 'The order is Cancelled in the CRM'],
    ['that is cancelled by another word', { Id__c: OWN, Status: 'Void' }, 'The order is Void in the CRM'],
    [
      'of a quote that is cancelled',
      { Id__c: 'q', Status: 'Cancelled' },
      'The order is Cancelled in the CRM',
    ],
    ['of a quote that is deleted', { Id__c: 'q', IsDeleted: true }, undefined],
    ['that is deleted', { Id__c: OWN, Status: 'Draft', IsDeleted: true }, 'The order was deleted in the CRM'],
  ])('%s asks for what follows: %s', (_name, more, reason) => {
    const records = map(more);
    expect(records).toHaveLength(reason === undefined ? 0 : 1);
    if (reason === undefined) return;
    expect(records).toMatchObject([
      {
        externalId: ID,
        op: 'upsert',
        modifiedAt: '2026-01-01T00:00:00.000Z',
        resource: {
          '@type': 'CancelProductOrder',
          cancellationReason: reason,
          productOrder: { id: more['Id__c'] },
          externalIdentifier: [{ owner: 'crm', externalIdentifierType: 'order', id: ID }],
        },
      },
    ]);
    expect(JSON.stringify(records)).not.toContain('isAccepted');
  });

  it('asks once, however it is cancelled, and says when it need not be assessed', () => {
    const ids = [{ Status: 'Cancelled' }, { IsDeleted: true }].flatMap((more) => {
      const records = map({ Id__c: OWN, ...more }, true);
      expect(records).toMatchObject([{ resource: { isAccepted: true } }]);
      return 'faults' in records ? [] : records.map(({ id }) => id);
    });
    expect(new Set(ids).size).toBe(1);
  });
});
