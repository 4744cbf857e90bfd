import { streamsOfEvent } from './business-events';

describe('streams that a business event begins', () => {
  it.each([
    ['sap.s4.beh.salesorder.v1.SalesOrder.Changed.v1', ['orderStatuses', 'payments']],
    [
      'sap.s4.beh.businesspartner.v1.BusinessPartner.Created.v1',
      ['organizations', 'individuals', 'customers', 'suppliers'],
    ],
    ['sap.s4.beh.product.v1.Product.Changed.v1', ['productSpecifications', 'productOfferings', 'components']],
    ['sap.s4.beh.salescontract.v1.SalesContract.Changed.v1', ['contracts']],
    ['sap.s4.beh.machineclass.v1.MachineClass.Changed.v1', ['machines']],
    ['sap.s4.beh.purchaseorder.v1.PurchaseOrder.Changed.v1', []],
    ['sap.s4.beh.constructor.v1.X.Changed.v1', []],
    ['com.example.salesorder.v1', []],
    ['sap.s4.beh.', []],
  ])('%s: %j', (type, expected) => {
    expect(streamsOfEvent({ type }, { machineclass: ['machines'] })).toEqual(expected);
  });
});
