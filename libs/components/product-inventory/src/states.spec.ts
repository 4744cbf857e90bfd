import { productMachine, type ProductStatus } from './states';

const STEPS: Readonly<Record<ProductStatus, readonly ProductStatus[]>> = {
  created: ['pendingActive', 'active'],
  pendingActive: ['active', 'aborted ', 'cancelled'],
  active: ['suspended', 'pendingTerminate', 'terminated'],
  suspended: ['active'],
  pendingTerminate: ['terminated'],
  terminated: [],
  cancelled: [],
  'aborted ': [],
};

describe('the life of a product', () => {
  it.each(Object.entries(STEPS))('%s leads to %j and nowhere else', (from, to) => {
    expect([...productMachine.next(from as ProductStatus)].sort()).toEqual([...to].sort());
  });

  it('begins with created and has the eight states of the standard', () => {
    expect(productMachine.initial).toBe('created');
    expect([...productMachine.states].sort()).toEqual(Object.keys(STEPS).sort());
  });
});
