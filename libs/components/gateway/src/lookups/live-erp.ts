import { isJsonObject, messageOf, type JsonObject } from '@quotebridge/platform/core';
import { questionSubject, type EventBus, type QuestionAnswer } from '@quotebridge/platform/events';
import { traceHeadersOf, type Context } from '@quotebridge/platform/telemetry';
import { circuitBreaker, handleAll, isBrokenCircuitError, SamplingBreaker } from 'cockatiel';

/** What the ERP is asked through its connector. The words of question and answer are in docs/guides/business-api.md. */
export type LiveQuestion = 'price' | 'availability' | 'bom';

/** What the ERP said, or why nothing is known from it. */
export type LiveAnswer =
  | { readonly ok: true; readonly value: JsonObject; readonly asOf: string }
  | { readonly ok: false; readonly reason: string };

/** How the ERP is asked. */
export interface LiveErpOptions {
  readonly bus: Pick<EventBus, 'request'>;
  /** Connector instance; nobody is asked when it is empty. */
  readonly instance: string;
  /** Longest wait for an answer, milliseconds. */
  readonly deadlineMs: number;
  /** How long an ERP that keeps failing is left alone, milliseconds. */
  readonly restMs?: number;
}

const REST_MS = 2_000;
/**
 * When most questions of five seconds fail, and there are at least twenty. Not some in a row: at fifty a second that is
 * what signing in anew takes.
 */
const KEEPS_FAILING = { threshold: 0.5, duration: 5_000, minimumRps: 4 };

class NoAnswer extends Error {}

const isAnswer = (value: unknown): value is QuestionAnswer =>
  isJsonObject(value) && typeof value['ok'] === 'boolean';

/** Asks the ERP live, never longer than the deadline, and not at all while it keeps failing. Never throws. */
export class LiveErp {
  private readonly breaker;

  constructor(private readonly options: LiveErpOptions) {
    this.breaker = circuitBreaker(handleAll, {
      breaker: new SamplingBreaker(KEEPS_FAILING),
      halfOpenAfter: options.restMs ?? REST_MS,
    });
  }

  async ask(name: LiveQuestion, question: JsonObject, trace?: Context): Promise<LiveAnswer> {
    if (this.options.instance === '') return { ok: false, reason: 'no ERP is connected' };
    try {
      return await this.breaker.execute(() => this.request(name, question, trace));
    } catch (thrown) {
      const isOpen = isBrokenCircuitError(thrown);
      return { ok: false, reason: isOpen ? 'the ERP keeps failing and is left alone' : messageOf(thrown) };
    }
  }

  private async request(name: LiveQuestion, question: JsonObject, trace?: Context): Promise<LiveAnswer> {
    const { bus, instance, deadlineMs } = this.options;
    const payload = { ...question, deadlineMs, ...(trace === undefined ? {} : traceHeadersOf(trace)) };
    const answer = await bus.request(questionSubject(instance, name), payload, { timeoutMs: deadlineMs });
    if (!isAnswer(answer)) throw new NoAnswer('the ERP gave no answer that can be read');
    if (answer.ok) return { ok: true, value: answer.value, asOf: answer.asOf };
    // A refusal is a healthy answer: it says nothing against the next question.
    if (answer.kind === 'refused') return { ok: false, reason: answer.reason };
    throw new NoAnswer(answer.reason);
  }
}
