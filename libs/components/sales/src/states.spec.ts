import { salesMachine, type SalesStatus } from './states';

const STEPS: Readonly<Record<SalesStatus, readonly SalesStatus[]>> = {
  acknowledged: ['inProgress', 'cancelled'],
  inProgress: ['pending', 'accepted', 'rejected'],
  pending: ['inProgress', 'rejected'],
  accepted: [],
  rejected: [],
  cancelled: [],
};

describe('the life of a lead and of an opportunity', () => {
  it.each(Object.entries(STEPS))('%s leads to %j and nowhere else', (from, to) => {
    expect([...salesMachine.next(from as SalesStatus)].sort()).toEqual([...to].sort());
  });

  it('begins with acknowledged and has the six states of the standard', () => {
    expect(salesMachine.initial).toBe('acknowledged');
    expect([...salesMachine.states].sort()).toEqual(Object.keys(STEPS).sort());
  });
});
