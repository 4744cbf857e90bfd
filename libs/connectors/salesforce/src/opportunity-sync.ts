import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import { isCallFailed } from '@quotebridge/platform/resilience';
import { ActionRefused, objectsIn, textAt, type Concerns, type Notes } from '@quotebridge/connectors/sdk';
import {
  isDone,
  lineShape,
  planOpportunity,
  stageFor,
  unwrittenAmounts,
  type OpportunityPlan,
} from './mapping/opportunity';
import { linesOf, withOurStage } from './mapping/quote';
import { opportunityById, otherStagesSince } from './opportunity-query';
import { entriesOf } from './price-book';
import type { RestClient } from './rest-client';
import type { SalesforceSettings } from './settings';
import { readTime } from './soql';
import { composites } from './write-plan';

const KIND = 'opportunity';
/** What a plan follows from; the rest of a quote need not be remembered. */
const REMEMBERED = ['id', 'state', 'stateReason', 'description', 'quoteItem', 'externalId', 'productOrder'];

/** What is known of an opportunity since its quote was last shown in it. */
interface Shown {
  readonly quote: JsonObject;
  readonly eventTime: string;
  /** SystemModstamp after our write: a record that has none later is our own echo. */
  readonly stamp: string;
  readonly shapes: Readonly<Record<string, string>>;
  /** The stage that the quote led to, as long as the opportunity is in it: also when the quote has gone on since. */
  readonly stage?: string;
  /** Values that the org made something else of, as wanted and as they became: written once, not again and again. */
  readonly accepted: readonly (readonly [place: string, wanted: string, got: string])[];
}

const text = (value: Json | undefined): string => JSON.stringify(value ?? null);

const shapesOf = (opportunity: JsonObject): Record<string, string> =>
  Object.fromEntries(linesOf(opportunity).map((line) => [textAt(line, 'Id') ?? '', lineShape(line)]));

const stampOf = (opportunity: JsonObject): string => readTime(opportunity['SystemModstamp']) ?? '';

/** Places of a plan with what they should be. */
const placesOf = ({ fields, lines }: OpportunityPlan): (readonly [string, string, Json | undefined])[] => [
  ...Object.entries(fields).map(([name, value]) => ['', name, value] as const),
  ...lines.flatMap((line) =>
    Object.entries(line.fields).map(([name, value]) => [line.id, name, value] as const),
  ),
];

const valueAt = (opportunity: JsonObject, line: string, name: string): Json | undefined =>
  line === '' ? opportunity[name] : linesOf(opportunity).find(({ Id }) => Id === line)?.[name];

const filtered = (
  plan: OpportunityPlan,
  keep: (line: string, name: string, value: Json | undefined) => boolean,
): OpportunityPlan => {
  const kept = (line: string, fields: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(fields).filter(([name, value]) => keep(line, name, value)));
  const lines = plan.lines
    .map(({ id, fields }) => ({ id, fields: kept(id, fields) }))
    .filter(({ fields }) => Object.keys(fields).length > 0);
  return { ...plan, fields: kept('', plan.fields), lines };
};

/**
 * Keeps an opportunity as its quote says, in the fields that are owned here. What came of a write is read in the same
 * request and remembered: the echo is known by its stamp, and what the org rounds or resets itself is let be.
 */
export class OpportunitySync {
  constructor(
    private readonly client: Pick<RestClient, 'all' | 'query' | 'queryPart' | 'composite'>,
    private readonly settings: SalesforceSettings,
    private readonly notes: Notes,
    /** Adds to a quote what its events do not have. */
    private readonly completed: (quote: JsonObject) => Promise<JsonObject> = async (quote) => quote,
    private readonly concerns?: Pick<Concerns, 'tell'>,
  ) {}

  /** The opportunity as it is, and what has to be written. Throws `ActionRefused` when there is none. */
  async plan(quote: JsonObject, id: string): Promise<{ opportunity: JsonObject; plan: OpportunityPlan }> {
    const [opportunity] = await this.client.all(opportunityById(id, this.settings));
    const unwritten =
      opportunity === undefined ? undefined : unwrittenAmounts(quote, opportunity, this.settings);
    await this.concerns?.tell('otherCurrency', id, unwritten);
    if (opportunity === undefined) throw new ActionRefused(`there is no opportunity ${id}`);
    const accepted = new Set(((await this.shown(id))?.accepted ?? []).map((one) => one.join('\n')));
    const whole = planOpportunity(await this.completed(quote), opportunity, this.settings);
    const plan = filtered(
      whole,
      (line, name, value) =>
        !accepted.has([`${line} ${name}`, text(value), text(valueAt(opportunity, line, name))].join('\n')),
    );
    return { opportunity, plan };
  }

  /** Writes a plan and remembers what came of it. Gives the opportunity as it is then. */
  async apply(
    quote: JsonObject,
    eventTime: string,
    before: JsonObject,
    plan: OpportunityPlan,
  ): Promise<JsonObject> {
    const id = textAt(before, 'Id') ?? '';
    const { lineItemField = '' } = this.settings;
    const entries = await this.entriesFor(before, plan);
    const readBack = this.client.queryPart(opportunityById(id, this.settings));
    let after: JsonObject = before;
    for (const { parts, repeatable } of composites(id, plan, entries, lineItemField, readBack)) {
      const answers = await this.client.composite(parts, repeatable);
      const found = [...answers.values()].findLast((one) => isJsonObject(one) && 'records' in one);
      const [record] = isJsonObject(found) ? objectsIn(found['records']) : [];
      after = record ?? after;
    }
    const accepted = placesOf(plan)
      .map(
        ([line, name, wanted]) =>
          [`${line} ${name}`, text(wanted), text(valueAt(after, line, name))] as const,
      )
      .filter(([, wanted, got]) => wanted !== got);
    // Somebody, or an older event of the quote, may have written between our look and our write: then ours is no echo.
    const isWhole = isDone(this.leftOf(quote, before, after, accepted));
    const seen = isWhole ? after : { ...after, SystemModstamp: before['SystemModstamp'] ?? null };
    await this.remember(quote, eventTime, seen, accepted);
    return after;
  }

  /** What a quote still wants of an opportunity after it was written, of what it had before. */
  private leftOf(
    quote: JsonObject,
    before: JsonObject,
    after: JsonObject,
    accepted: Shown['accepted'],
  ): OpportunityPlan {
    const known = shapesOf(before);
    const places = new Set(accepted.map(([place, wanted]) => `${place}\n${wanted}`));
    const left = filtered(
      planOpportunity(quote, after, this.settings),
      (line, name, value) => (line === '' || line in known) && !places.has(`${line} ${name}\n${text(value)}`),
    );
    return { ...left, newLines: [], goneLines: [] };
  }

  /** Notes that the opportunity shows the quote already. */
  async noteShown(quote: JsonObject, eventTime: string, opportunity: JsonObject): Promise<void> {
    const id = textAt(opportunity, 'Id') ?? '';
    const known = await this.shown(id);
    if (known === undefined || Date.parse(known.eventTime) < Date.parse(eventTime))
      await this.remember(quote, eventTime, opportunity, known?.accepted ?? []);
  }

  /**
   * Records as they were read, those marked whose stage we have written: a quote that was rejected and goes on as its next
   * version is not ended by what its own rejection led to.
   */
  async marked(records: readonly JsonObject[]): Promise<readonly JsonObject[]> {
    return Promise.all(
      records.map(async (record) => {
        const [id, stage] = [textAt(record, 'Id'), textAt(record, 'StageName') ?? ''];
        if (id === undefined || !Object.hasOwn(this.settings.quoteStateByStage, stage)) return record;
        const shown = await this.shown(id);
        const isOurs = shown?.stage === stage && !(await this.hasLeft(id, stage, shown, record));
        return isOurs ? withOurStage(record) : record;
      }),
    );
  }

  /** Whether an opportunity was in another stage since we noted that it is in ours: somebody has led it there himself. */
  private async hasLeft(id: string, stage: string, { stamp }: Shown, record: JsonObject): Promise<boolean> {
    if (stampOf(record) <= stamp) return false;
    try {
      return (await this.client.all(otherStagesSince(id, stage, stamp))).length > 0;
    } catch (thrown) {
      // The user of the connector may not see the history: then it cannot be told.
      if (isCallFailed(thrown, 'reject')) return false;
      throw thrown;
    }
  }

  /**
   * Puts back what somebody changed in the CRM although it is owned here. Our own echo and opportunities that never
   * showed a quote cost no call.
   */
  async putBack(records: readonly JsonObject[]): Promise<void> {
    const { quoteId } = this.settings.fields;
    for (const record of records) {
      const id = textAt(record, 'Id');
      const isKnown = quoteId === undefined || textAt(record, quoteId) !== undefined;
      if (id === undefined || record['IsDeleted'] === true || !isKnown) continue;
      const shown = await this.shown(id);
      if (shown === undefined || stampOf(record) <= shown.stamp) continue;
      await this.putOneBack(id, shown).catch((thrown: unknown) => {
        // One that is gone by now: the next run tells so.
        if (!(thrown instanceof ActionRefused)) throw thrown;
      });
    }
  }

  private async putOneBack(id: string, { quote, eventTime, shapes, accepted }: Shown): Promise<void> {
    const { opportunity, plan } = await this.plan(quote, id);
    const now = shapesOf(opportunity);
    const shaped = (line: string): string => {
      const found = plan.lines.find((one) => one.id === line)?.fields ?? {};
      return lineShape({ ...linesOf(opportunity).find(({ Id }) => Id === line), ...found });
    };
    // An amount for another quantity is none for this one: the quote's own change is on its way.
    const due = filtered(
      plan,
      (line) => line === '' || shaped(line) === shapes[line] || now[line] === undefined,
    );
    try {
      if (isDone(due)) await this.remember(quote, eventTime, opportunity, accepted);
      else await this.apply(quote, eventTime, opportunity, due);
    } catch (thrown) {
      if (!isCallFailed(thrown, 'reject')) throw thrown;
      // The org does not allow it; the next event of the quote tells why, in its dead letter.
      await this.remember(quote, eventTime, opportunity, accepted);
    }
  }

  private async shown(id: string): Promise<Shown | undefined> {
    // Written by `remember` only; this is the one place that trusts it.
    return (await this.notes.get(KIND, id)) as unknown as Shown | undefined;
  }

  private async remember(
    quote: JsonObject,
    eventTime: string,
    opportunity: JsonObject,
    accepted: Shown['accepted'],
  ): Promise<void> {
    const id = textAt(opportunity, 'Id') ?? '';
    const known = await this.shown(id);
    // What was heard meanwhile counts: when this was written over it, the next run finds that, and puts it right.
    if (known !== undefined && Date.parse(known.eventTime) > Date.parse(eventTime)) return;
    const stage = stageFor(quote, this.settings) ?? known?.stage;
    const value: JsonObject = {
      quote: Object.fromEntries(REMEMBERED.flatMap((name) => (name in quote ? [[name, quote[name]]] : []))),
      eventTime,
      stamp: stampOf(opportunity),
      shapes: shapesOf(opportunity),
      accepted: accepted.map((one) => [...one]),
      ...(stage !== undefined && stage === textAt(opportunity, 'StageName') ? { stage } : {}),
    };
    await this.notes.put(KIND, [{ key: id, value }]);
  }

  /** Price book entries for new lines, by the item that each is made for. */
  private async entriesFor(
    opportunity: JsonObject,
    { newLines }: OpportunityPlan,
  ): Promise<ReadonlyMap<string, string>> {
    if (newLines.length === 0) return new Map();
    const book = textAt(opportunity, 'Pricebook2Id');
    if (book === undefined)
      throw new ActionRefused('the opportunity has no price book: its lines cannot be made');
    const offerings = newLines.map(({ offering }) => offering);
    // Read where the org has several currencies only.
    const currency = textAt(opportunity, 'CurrencyIsoCode');
    const found = await entriesOf(this.client, book, offerings, this.settings.offeringSource, currency);
    return new Map(newLines.map(({ mark, offering }) => [mark, found.get(offering) ?? '']));
  }
}
