import { parseExactly, type Json } from '@quotebridge/platform/core';
import type { HttpReply } from './decision';

const parsed = new WeakMap<HttpReply, { readonly value: Json | undefined }>();

/**
 * The body of an answer as JSON, no number changed; undefined when it is none (a proxy's web page, a body cut off). Parsed once, so a
 * classifier may look before the caller does.
 */
export const replyJson = (reply: HttpReply): Json | undefined => {
  const known = parsed.get(reply);
  if (known !== undefined) return known.value;
  let value: Json | undefined;
  try {
    value = parseExactly(reply.body);
  } catch {
    value = undefined;
  }
  parsed.set(reply, { value });
  return value;
};
