import {
  frozen,
  instantOf,
  isJsonObject,
  RecentlyUsed,
  roughBytes,
  type Json,
  type JsonObject,
  type MemoryBounds,
} from '@quotebridge/platform/core';

/** Characters of a key. A client says how long what it asks for is, and could fill the memory with it. */
const LONGEST_KEY = 4_096;

/** What decides a price, and nothing else does. */
export interface PriceQuestion {
  /** Documents of the catalog, as they were read: one that changed is another object. They must not be changed. */
  readonly documents: readonly JsonObject[];
  /** Whatever else counts, in a form that JSON can tell apart. */
  readonly asked: unknown;
  /** Instant at which prices must be valid, date-time text. */
  readonly date: string;
}

/** A document as part of a key: a number of its own, and the instants at which what it says begins or ends. */
interface Named {
  readonly number: number;
  readonly turns: readonly number[];
}

/**
 * Remembers what was worked out for a question, so that the same item at the same catalog is priced once: the many
 * quotes of the same part, and all items of a long quote when one of them changes. An answer holds until a document
 * is another one or one of its periods begins or ends. Bounded; the answer that was used least recently goes first.
 */
export class PriceMemo<T> {
  private readonly answers: RecentlyUsed<T>;
  private readonly named = new WeakMap<JsonObject, Named>();
  private documents = 0;

  constructor(bounds: MemoryBounds) {
    this.answers = new RecentlyUsed(bounds);
  }

  get size(): number {
    return this.answers.size;
  }

  /** The answer from before, or the one that is worked out now. Nobody can change one that is kept; what `workOut` throws is not, nor an answer to a long question. */
  once(question: PriceQuestion, workOut: () => T): T {
    const key = this.keyOf(question);
    if (key.length > LONGEST_KEY) return workOut();
    const known = this.answers.get(key);
    if (known !== undefined) return known;
    const answer = frozen(workOut());
    this.answers.set(key, answer, roughBytes(answer));
    return answer;
  }

  private keyOf({ documents, asked, date }: PriceQuestion): string {
    const at = instantOf(date);
    let key = '';
    for (const document of documents) {
      const { number, turns } = this.nameOf(document);
      key += `${number}.${turnsUntil(turns, at)} `;
    }
    return key + JSON.stringify(asked);
  }

  private nameOf(document: JsonObject): Named {
    const known = this.named.get(document);
    if (known !== undefined) return known;
    this.documents += 1;
    const named = { number: this.documents, turns: turnsIn(document) };
    this.named.set(document, named);
    return named;
  }
}

/** Bounds of a TMF `TimePeriod`. */
const BOUNDS: ReadonlySet<string> = new Set(['startDateTime', 'endDateTime']);

/** Every instant at which a period anywhere in the value begins or ends. A bound that is no date-time never comes. */
const turnsIn = (value: Json | undefined): number[] => {
  if (Array.isArray(value)) return value.flatMap(turnsIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    BOUNDS.has(name) && typeof inner === 'string' ? [instantOf(inner)] : turnsIn(inner),
  );
};

const turnsUntil = (turns: readonly number[], at: number): number => {
  let passed = 0;
  for (const turn of turns) if (turn <= at) passed += 1;
  return passed;
};
