import type { S4Settings } from '../settings';

/** Settings as tests of the mapping use them. */
export const SETTINGS: S4Settings = {
  baseUrl: 'https://s4.example',
  auth: { kind: 'basic', user: 'U' },
  salesOrganization: '1710',
  distributionChannel: '10',
  division: '00',
  salesOrderType: 'OR',
  senderSystem: 'QUOTEBRIDGE',
  language: 'EN',
  priceConditionTypes: ['PPR0'],
  manualPriceConditionType: 'PMP0',
  rejectionReason: '00',
  recurringUnits: { MON: 'month' },
  parentFunction: '1C',
  discountConditionTypes: ['DRG1'],
  obsoleteStatuses: ['OB'],
  componentTypes: ['FERT', 'HALB', 'ERSA'],
  structureUsage: '1',
  checkingRule: 'A',
  liveSeconds: 2,
  eventStreams: {},
  pageSize: 100,
  overlapSeconds: 300,
  attemptSeconds: 30,
  callsAtOnce: 8,
};
