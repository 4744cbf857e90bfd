import type { JsonObject } from '@quotebridge/platform/core';

/**
 * A connector's answer to a live question. `refused`: the system said no (unknown part, bad customer), asking again
 * will not help. `unavailable`: it is away, its circuit is open or its budget is spent. `late`: no answer in time.
 */
export type QuestionAnswer =
  | {
      readonly ok: true;
      readonly value: JsonObject;
      /** When it was true, date-time. */ readonly asOf: string;
    }
  | { readonly ok: false; readonly kind: 'refused' | 'unavailable' | 'late'; readonly reason: string };

/** Subject on which a connector instance answers a question (core NATS request and reply). */
export const questionSubject = (instance: string, question: string): string =>
  `connector.${instance}.${question}`;
