import { isJsonObject } from '@quotebridge/platform/core';
import { classifyHttp, replyJson, type Classifier } from '@quotebridge/platform/resilience';

/** What an answer of the system means. Errors are `{code, message}`. */
export const classify: Classifier = (exchange) => {
  const general = classifyHttp(exchange);
  const { reply } = exchange;
  if (reply === undefined) return general;
  const body = replyJson(reply);
  // A proxy's page with status 200 is not an answer of the system.
  if (general.kind === 'succeed')
    return isJsonObject(body)
      ? general
      : { kind: 'retryAfter', reason: `HTTP ${reply.status} with a body that is not JSON` };
  const { code, message } = isJsonObject(body) ? body : {};
  const said = [code, message].filter((part) => typeof part === 'string').join(' ');
  const reason = said === '' ? `HTTP ${reply.status}` : `HTTP ${reply.status} ${said}`;
  if (general.kind === 'reject' && typeof code === 'string') return { ...general, reason, code };
  return { ...general, reason };
};
