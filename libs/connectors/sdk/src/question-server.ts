import { isJsonObject, isoNow, messageOf, type Clock, type JsonObject } from '@quotebridge/platform/core';
import {
  questionSubject,
  type EventBus,
  type QuestionAnswer,
  type Running,
} from '@quotebridge/platform/events';
import { isCallFailed } from '@quotebridge/platform/resilience';
import type { ConnectorObserver, ConnectorTrace } from './instance-options';
import { QuestionRefused, type Question } from './question';
import type { Redactor } from './redact';

/** What answering questions needs. */
export interface QuestionServerOptions {
  readonly bus: EventBus;
  readonly instance: string;
  readonly clock: Clock;
  readonly redact: Redactor;
  readonly traced: ConnectorTrace['run'];
  readonly observer?: ConnectorObserver;
}

/** The traceparent of who asks, and how long he waits, go in the question beside its own words. */
interface Asked {
  readonly question: JsonObject;
  readonly deadlineMs: number;
  readonly headers: Readonly<Record<string, string>>;
}

const readAsked = (payload: unknown, most: number): Asked => {
  if (!isJsonObject(payload)) throw new QuestionRefused('A question is a JSON object');
  const { deadlineMs, traceparent, ...question } = payload;
  const wanted = typeof deadlineMs === 'number' && deadlineMs > 0 ? deadlineMs : most;
  return {
    question,
    deadlineMs: Math.min(most, wanted),
    headers: typeof traceparent === 'string' ? { traceparent } : {},
  };
};

const failure = (thrown: unknown, redact: Redactor): QuestionAnswer => {
  const refused = thrown instanceof QuestionRefused || isCallFailed(thrown, 'reject');
  return { ok: false, kind: refused ? 'refused' : 'unavailable', reason: redact(messageOf(thrown)) };
};

/** Answers a question, or says why not; late is late, whatever the handler still does. */
const answer = async (
  { name, deadlineMs: most, answer: handle }: Question,
  payload: unknown,
  { instance, clock, redact, traced }: QuestionServerOptions,
): Promise<QuestionAnswer> => {
  const giveUp = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    const { question, deadlineMs, headers } = readAsked(payload, most);
    const late = new Promise<QuestionAnswer>((resolve) => {
      timer = setTimeout(() => {
        resolve({ ok: false, kind: 'late', reason: `${instance} did not answer within ${deadlineMs} ms` });
        giveUp.abort(new Error('the deadline of the question has passed'));
      }, deadlineMs);
    });
    const asked = traced(`question ${name}`, headers, () => handle(question, giveUp.signal)).then(
      (value): QuestionAnswer => ({ ok: true, value, asOf: isoNow(clock) }),
      (thrown: unknown) => failure(thrown, redact),
    );
    return await Promise.race([asked, late]);
  } catch (thrown) {
    return failure(thrown, redact);
  } finally {
    clearTimeout(timer);
  }
};

/** Answers a question on its subject; replicas of the instance share the work. */
export const serveQuestion = (question: Question, options: QuestionServerOptions): Running => {
  const { bus, instance, clock, observer } = options;
  return bus.respond(questionSubject(instance, question.name), `connector-${instance}`, async (payload) => {
    const beganMs = clock.now();
    const answered = await answer(question, payload, options);
    observer?.question?.(question.name, answered.ok ? 'answered' : answered.kind, clock.now() - beganMs);
    return answered;
  });
};
