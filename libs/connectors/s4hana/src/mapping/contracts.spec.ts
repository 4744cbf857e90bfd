import { isRejection } from '@quotebridge/connectors/sdk';
import { CONTRACT_SAMPLE } from '../samples';
import { mapContracts } from './contracts';
import { customerId } from './ids';

describe('contracts of a customer', () => {
  it('are its agreements, each from its first to the end of its last day', () => {
    expect(mapContracts('erp')(CONTRACT_SAMPLE)).toEqual([
      {
        externalId: '10100001',
        op: 'patch',
        id: customerId('erp', '10100001'),
        resource: {
          '@type': 'Customer',
          agreement: [
            {
              '@type': 'AgreementRef',
              '@referredType': 'Agreement',
              id: '40000001',
              name: 'Service 2026',
              validFor: {
                startDateTime: '2026-01-01T00:00:00.000Z',
                endDateTime: '2026-12-31T23:59:59.999Z',
              },
            },
          ],
        },
      },
    ]);
  });

  it('come in one order, whatever order they were read in; none is an empty list', () => {
    const [one, other] = [{ SalesContract: '1' }, { SalesContract: '2' }];
    const mapped = (...records: (typeof one)[]) => mapContracts('erp')({ about: 'c', records });
    expect(mapped(one, other)).toEqual(mapped(other, one));
    expect(mapped()).toMatchObject([{ resource: { agreement: [] } }]);
  });

  it('of nobody are told', () => {
    expect(isRejection(mapContracts('erp')({ records: [] }))).toBe(true);
  });
});
