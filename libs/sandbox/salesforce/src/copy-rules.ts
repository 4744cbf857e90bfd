import {
  movedEmail,
  movedMaterial,
  movedName,
  movedPartner,
  movedPhone,
  movesOf,
  orderedMove,
  type CopyRules,
  type Move,
  type SeededTimes,
} from '@quotebridge/sandbox/core';
import { copiedId } from './ids';

const OBJECTS = ['Account', 'Contact', 'Opportunity', 'OpportunityLineItem', 'PricebookEntry', 'Product2'];

const idMove: Move = orderedMove((id, block) => copiedId(String(id), block));

/** How the org's part of the after-sales business differs from block to block; price books are the same for all. */
export const copyRules = ({ first, last }: SeededTimes): CopyRules => ({
  keys: Object.fromEntries(OBJECTS.map((name) => [name, ['Id']])),
  // Texts are compared without regard to case.
  fold: (text) => text.toLowerCase(),
  moves: {
    ...movesOf('Id AccountId ParentId Product2Id PricebookEntryId OpportunityId', idMove),
    ...movesOf('AccountNumber ERP_Customer_Number__c', orderedMove(movedPartner)),
    ProductCode: orderedMove(movedMaterial),
    ...movesOf('Name LastName', movedName(80)),
    Email: movedEmail,
    Phone: movedPhone,
    // One block behind the other, all of them in the month before the seed.
    ...movesOf(
      'SystemModstamp LastModifiedDate CreatedDate',
      orderedMove((value, block) => Number(value) + block * (last - first + 1_000)),
    ),
  },
});
