import {
  movedEmail,
  movedMaterial,
  movedName,
  movedPartner,
  movedPhone,
  orderedMove,
  type CopyRules,
  type Move,
} from '@quotebridge/sandbox/core';
import { copiedId } from './ids';

/** When the first and the last of the records that are copied were changed, milliseconds. */
export interface SeededTimes {
  readonly first: number;
  readonly last: number;
}

const OBJECTS = ['Account', 'Contact', 'Opportunity', 'OpportunityLineItem', 'PricebookEntry', 'Product2'];

const named = (names: string, move: Move): Readonly<Record<string, Move>> =>
  Object.fromEntries(names.split(' ').map((one) => [one, move]));

const idMove: Move = orderedMove((id, block) => copiedId(String(id), block));

/** How the org's part of the after-sales business differs from block to block; price books are the same for all. */
export const copyRules = ({ first, last }: SeededTimes): CopyRules => ({
  keys: Object.fromEntries(OBJECTS.map((name) => [name, ['Id']])),
  // Texts are compared without regard to case.
  fold: (text) => text.toLowerCase(),
  moves: {
    ...named('Id AccountId ParentId Product2Id PricebookEntryId OpportunityId', idMove),
    ...named('AccountNumber ERP_Customer_Number__c', orderedMove(movedPartner)),
    ProductCode: orderedMove(movedMaterial),
    ...named('Name LastName', movedName(80)),
    Email: movedEmail,
    Phone: movedPhone,
    // One block behind the other, all of them in the month before the seed.
    ...named(
      'SystemModstamp LastModifiedDate CreatedDate',
      orderedMove((value, block) => Number(value) + block * (last - first + 1_000)),
    ),
  },
});
