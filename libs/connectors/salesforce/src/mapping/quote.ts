import { stableId, type Fault, type JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { externalIdentifier, objectAt, objectsIn, textAt, type Rejection } from '@quotebridge/connectors/sdk';
import { readTime } from '../soql';
import type { SalesforceSettings } from '../settings';
import { customerOf, itemOfLine, lineFault, type LinePlace } from './line';

type MapSettings = Pick<
  SalesforceSettings,
  | 'offeringSource'
  | 'customerNumberField'
  | 'stages'
  | 'quoteStateByStage'
  | 'deletedOpportunity'
  | 'lineItemField'
>;

/** Id of the quote of an opportunity. */
export const quoteId = (source: string, opportunity: string): string =>
  stableId(source, 'quote', opportunity);

/** The lines of an opportunity that was read with them. */
export const linesOf = (opportunity: JsonObject): readonly JsonObject[] =>
  objectsIn(objectAt(opportunity, 'OpportunityLineItems')['records']);

/** What a line that was made here is marked with: the quote and the item in it. */
export const lineMark = (quote: string, item: string): string => `${quote}/${item}`;

/** Id of the quote item of a line: the one it was made for, else the one that was made for it. */
export const itemIdOf = (line: JsonObject, quote: string, lineItemField?: string): string | undefined => {
  const mark = lineItemField === undefined ? undefined : textAt(line, lineItemField);
  return mark?.startsWith(lineMark(quote, '')) === true
    ? mark.slice(lineMark(quote, '').length)
    : textAt(line, 'Id');
};

/**
 * The discount that the salesperson asks for, in per cent, as a TMF648 `PriceAlteration` of a price without amount:
 * the quote's pricing applies it to every charge of the item.
 */
const requestedDiscount = (percentage: number): JsonObject => ({
  '@type': 'QuotePrice',
  name: 'Requested discount',
  priceAlteration: [
    {
      '@type': 'PriceAlteration',
      name: 'Requested discount',
      priceType: 'discount',
      price: { '@type': 'Price', percentage },
    },
  ],
});

const mapLine = (line: JsonObject, id: string | undefined, place: LinePlace): JsonObject => {
  const { Discount: discount } = line;
  const item = itemOfLine(line, id, place);
  const hasDiscount = typeof discount === 'number' && discount !== 0;
  if (hasDiscount && (discount < 0 || discount > 100))
    lineFault(place, 'Discount', 'is not between 0 and 100 per cent');
  return {
    '@type': 'QuoteItem',
    ...item,
    ...(hasDiscount ? { quoteItemPrice: [requestedDiscount(discount)] } : {}),
  };
};

const isOpenFor = (opportunity: JsonObject, { stages }: Pick<MapSettings, 'stages'>): boolean =>
  opportunity['IsClosed'] !== true &&
  opportunity['IsDeleted'] !== true &&
  (stages.length === 0 || stages.includes(textAt(opportunity, 'StageName') ?? ''));

/** True for an opportunity that does not become a quote (any more): it counts only if there is one already. */
export const endsQuote = (opportunity: JsonObject, settings: Pick<MapSettings, 'stages'>): boolean =>
  !isOpenFor(opportunity, settings);

/** Where an opportunity that was read tells that its stage is our own; no field of an org has this name. */
const MARK = '$stageIsOurs';

/** An opportunity whose stage came of its quote: it asks nothing of the quote. */
export const withOurStage = (opportunity: JsonObject): JsonObject => ({ ...opportunity, [MARK]: true });

/** The state that the opportunity asks of its quote by rule, with the reason; undefined when it asks for none. */
const askedState = (
  opportunity: JsonObject,
  { quoteStateByStage, deletedOpportunity }: Pick<MapSettings, 'quoteStateByStage' | 'deletedOpportunity'>,
): JsonObject | undefined => {
  if (opportunity['IsDeleted'] === true) {
    if (deletedOpportunity === 'nothing') return undefined;
    return { state: deletedOpportunity, stateReason: 'the opportunity was deleted' };
  }
  if (opportunity[MARK] === true) return undefined;
  const stage = textAt(opportunity, 'StageName') ?? '';
  const state = Object.hasOwn(quoteStateByStage, stage) ? quoteStateByStage[stage] : undefined;
  return state === undefined ? undefined : { state, stateReason: `the opportunity is ${stage}` };
};

/**
 * Opportunity with lines and account → TMF648 quote (v5). Stage and amounts are left out: they are ours to write, so
 * the echo of our own write maps to the same quote. An opportunity without lines is not yet a quote; one that is
 * closed only asks for a state, by rule.
 */
export const mapQuote =
  (source: string, settings: MapSettings) =>
  (opportunity: JsonObject): readonly IngestRecord[] | Rejection => {
    const { offeringSource, lineItemField } = settings;
    const id = textAt(opportunity, 'Id');
    if (id === undefined) return { faults: [{ path: '/Id', message: 'is missing', code: 'required' }] };
    const changed = readTime(opportunity['SystemModstamp']);
    const record = {
      externalId: id,
      id: quoteId(source, id),
      ...(changed === undefined ? {} : { modifiedAt: changed }),
    };
    const asked = askedState(opportunity, settings);
    if (asked !== undefined) return [{ ...record, op: 'patch', resource: { '@type': 'Quote', ...asked } }];
    const lines = linesOf(opportunity);
    if (lines.length === 0 || opportunity['IsClosed'] === true || opportunity['IsDeleted'] === true)
      return [];
    const faults: Fault[] = [];
    const customer = customerOf(opportunity, settings, faults);
    const quoteItem = lines.map((line, index) =>
      mapLine(line, itemIdOf(line, record.id, lineItemField), {
        path: `/OpportunityLineItems/records/${index}`,
        offeringSource,
        faults,
      }),
    );
    // Outside the stages an opportunity only counts if it has a quote; what is wrong with others is not our business.
    if (faults.length > 0) return isOpenFor(opportunity, settings) ? { faults } : [];
    return [
      {
        ...record,
        op: 'upsert',
        resource: {
          '@type': 'Quote',
          description: textAt(opportunity, 'Name') ?? id,
          instantSyncQuote: false,
          externalIdentifier: [externalIdentifier(source, 'opportunity', id)],
          relatedParty: [{ '@type': 'RelatedPartyOrPartyRole', ...customer }],
          quoteItem,
        },
      },
    ];
  };
