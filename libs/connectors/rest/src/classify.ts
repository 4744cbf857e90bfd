import { valueAt } from '@quotebridge/connectors/sdk';
import { isJsonObject } from '@quotebridge/platform/core';
import {
  classifyHttp,
  replyJson,
  type Classifier,
  type Decision,
  type HttpReply,
} from '@quotebridge/platform/resilience';
import type { AnswerRule } from './settings';

const PAUSE_MS = 3_600_000;

const fits = (rule: AnswerRule, reply: HttpReply): boolean => {
  if (rule.status !== undefined && !rule.status.includes(reply.status)) return false;
  if (rule.path === undefined) return rule.status !== undefined;
  const body = replyJson(reply);
  const value = isJsonObject(body) ? valueAt(body, rule.path) : undefined;
  if (value === undefined || value === null) return false;
  return rule.values === undefined || rule.values.some((wanted) => wanted === value);
};

const decisionOf = (rule: AnswerRule, reply: HttpReply, reason: string, atMs: number): Decision => {
  const seconds = Number(rule.waitHeader === undefined ? NaN : reply.headers[rule.waitHeader.toLowerCase()]);
  const waitMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
  switch (rule.means) {
    case 'retry':
      return { kind: 'retryAfter', reason, ...(waitMs === undefined ? {} : { waitMs }) };
    case 'refresh':
      return { kind: 'refreshToken', token: 'access', reason };
    case 'pause':
      return { kind: 'pause', reason, untilMs: atMs + (waitMs ?? PAUSE_MS) };
    case 'reject':
    case 'fail':
      return { kind: rule.means, reason };
  }
};

/** What answers mean: the configured rules first, then plain HTTP. A success must have a JSON body, or none at all. */
export const classifierFor =
  (rules: readonly AnswerRule[]): Classifier =>
  (exchange) => {
    const { reply } = exchange;
    if (reply === undefined) return classifyHttp(exchange);
    const rule = rules.find((one) => fits(one, reply));
    if (rule !== undefined) {
      const body = rule.path === undefined ? undefined : replyJson(reply);
      const said = isJsonObject(body) && rule.path !== undefined ? valueAt(body, rule.path) : undefined;
      const reason = `HTTP ${reply.status}${said === undefined ? '' : ` ${JSON.stringify(said).slice(0, 100)}`}`;
      return decisionOf(rule, reply, reason, exchange.atMs);
    }
    const general = classifyHttp(exchange);
    const isEmpty = exchange.method === 'HEAD' || reply.body.trim() === '';
    if (general.kind !== 'succeed' || isEmpty || replyJson(reply) !== undefined) return general;
    return { kind: 'retryAfter', reason: `HTTP ${reply.status} with a body that is not JSON` };
  };
