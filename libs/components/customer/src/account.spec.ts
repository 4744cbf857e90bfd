import type { JsonObject } from '@quotebridge/platform/core';
import { accountOf, isValidAt } from './account';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const period = (startDateTime?: string, endDateTime?: string): JsonObject => ({
  validFor: { ...(startDateTime ? { startDateTime } : {}), ...(endDateTime ? { endDateTime } : {}) },
});
const ref = (id: string): JsonObject => ({ '@type': 'PartyRef', id });
const related = (role: string, id: string, more: JsonObject = {}): JsonObject => ({
  role,
  partyOrPartyRole: ref(id),
  ...more,
});
const level = (id: string, customer: JsonObject) => ({
  id,
  customer: { engagedParty: ref(`party-${id}`), ...customer },
});

describe('isValidAt', () => {
  it.each([
    ['without a period', {}, true],
    ['before it', period('2026-07-01T00:00:00Z'), false],
    ['at its start', period('2026-06-01T00:00:00Z'), true],
    ['at its end', period(undefined, '2026-06-01T00:00:00Z'), false],
    ['in between', period('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'), true],
    ['ended with a leap second', period(undefined, '2016-12-31T23:59:60Z'), false],
    ['with an unreadable date', period('soon'), true],
  ])('%s', (_title, holder, valid) => {
    expect(isValidAt(holder, NOW)).toBe(valid);
  });
});

describe('accountOf', () => {
  it('takes what a customer says itself, then what the nearest one above says, then its own party', () => {
    const { roles } = accountOf(
      [
        level('own', { relatedParty: [related('shipTo', 'gate 3')] }),
        level('near', { relatedParty: [related('billTo', 'shared services'), related('shipTo', 'hub')] }),
        level('far', { relatedParty: [related('billTo', 'holding')] }),
      ],
      NOW,
    );
    expect(roles.shipTo).toEqual([{ party: ref('gate 3'), contactMedium: [], statedBy: 'own' }]);
    expect(roles.billTo).toEqual([{ party: ref('shared services'), contactMedium: [], statedBy: 'near' }]);
    expect(roles.payer).toEqual([{ party: ref('party-own'), contactMedium: [], statedBy: 'own' }]);
  });

  it('takes an address of that kind as a statement too, and none that is over', () => {
    const address = { '@type': 'GeographicAddressContactMedium', contactType: 'shipTo', city: 'Ulm' };
    const { roles } = accountOf(
      [
        level('own', {
          contactMedium: [
            address,
            { ...address, city: 'Bern', ...period(undefined, '2020-01-01T00:00:00Z') },
          ],
          relatedParty: [related('billTo', 'gone', period(undefined, '2020-01-01T00:00:00Z'))],
        }),
      ],
      NOW,
    );
    expect(roles.shipTo).toEqual([{ party: ref('party-own'), contactMedium: [address], statedBy: 'own' }]);
    expect(roles.billTo[0]?.party).toEqual(ref('party-own'));
  });

  it('adds up the agreements in force on all levels', () => {
    const { entitlements } = accountOf(
      [
        level('own', { agreement: [{ id: 'service' }, { id: 'next', ...period('2027-01-01T00:00:00Z') }] }),
        level('far', { agreement: [{ id: 'frame' }] }),
      ],
      NOW,
    );
    expect(entitlements.map(({ agreement, statedBy }) => [agreement['id'], statedBy])).toEqual([
      ['service', 'own'],
      ['frame', 'far'],
    ]);
  });

  it('is empty for a customer without anything', () => {
    expect(accountOf([], NOW)).toEqual({
      roles: { soldTo: [], shipTo: [], billTo: [], payer: [] },
      entitlements: [],
    });
  });
});
