import type { JsonObject } from '@quotebridge/platform/core';

/** A question is wrong or the system has no answer to it (an unknown part): asking again does not help. */
export class QuestionRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'QuestionRefused';
  }
}

/** Something the outside system can be asked live, for example a price: answered over NATS, never stored. */
export interface Question {
  /** Last word of its subject `connector.<instance>.<name>`: letters, digits and dashes. */
  readonly name: string;
  readonly title: string;
  /** Longest time for an answer, milliseconds; who asks may want it sooner by `deadlineMs` in the question. */
  readonly deadlineMs: number;
  /** Throws {@link QuestionRefused}, or `CallFailed` when the system fails. Give up when the signal aborts. */
  answer(question: JsonObject, signal: AbortSignal): Promise<JsonObject>;
}
