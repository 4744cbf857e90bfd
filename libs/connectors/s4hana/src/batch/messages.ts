import { err, ok, type Result } from '@quotebridge/platform/core';
import type { HttpReply } from '@quotebridge/platform/resilience';
import { readMixed, readSection, writeMixed, writeSection, type Mixed, type Section } from './multipart';

/** A request inside a batch; the path begins behind the root of the service. */
export interface PartRequest {
  readonly method: 'GET' | 'PATCH';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a part of a batch was answered: a read alone; a change set as many replies as it has parts. */
export type PartReply =
  | { readonly kind: 'single'; readonly reply: HttpReply }
  | { readonly kind: 'changeSet'; readonly replies: readonly HttpReply[] };

const HTTP_PART = { 'content-type': 'application/http', 'content-transfer-encoding': 'binary' };

const requestPart = ({ method, path, headers, body = '' }: PartRequest): Section => {
  const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const message = writeSection({ headers: { ...headers, ...length }, body });
  return { headers: HTTP_PART, body: `${method} ${path} HTTP/1.1\r\n${message}` };
};

/** A batch that asks for several things at once. */
export const batchOfReads = (paths: readonly string[]): Mixed =>
  writeMixed(
    paths.map((path) => requestPart({ method: 'GET', path, headers: { accept: 'application/json' } })),
  );

/** A batch with one change set: all of the changes are made or none. */
export const batchOfChanges = (changes: readonly PartRequest[]): Mixed => {
  const changeSet = writeMixed(changes.map(requestPart));
  return writeMixed([{ headers: { 'content-type': changeSet.contentType }, body: changeSet.body }]);
};

const readReply = ({ body: text }: Section): Result<HttpReply, string> => {
  const [, status, rest = ''] = /^(?:\r\n)*HTTP\/1\.\d (\d{3})[^\r\n]*\r\n([^]*)$/.exec(text) ?? [];
  if (status === undefined) return err('a part is no HTTP answer');
  const { headers, body } = readSection(rest);
  const said = headers['content-length'];
  const bytes = Buffer.from(body);
  if (said === undefined || !/^\d+$/.test(said))
    return ok({ status: Number(status), headers, setCookies: [], body });
  if (bytes.length < Number(said)) return err('a part is cut off');
  // Behind the body there may be empty lines that do not belong to it.
  const own = bytes.subarray(0, Number(said)).toString('utf8');
  return ok({ status: Number(status), headers, setCookies: [], body: own });
};

const readReplies = (sections: readonly Section[]): Result<readonly HttpReply[], string> => {
  const replies: HttpReply[] = [];
  for (const section of sections) {
    const reply = readReply(section);
    if (!reply.ok) return reply;
    replies.push(reply.value);
  }
  return ok(replies);
};

/** The answers to a batch, part by part; an error says why the whole cannot be read. */
export const readBatch = ({ headers, body }: HttpReply): Result<readonly PartReply[], string> => {
  const sections = readMixed(headers['content-type'], body);
  if (!sections.ok) return sections;
  const parts: PartReply[] = [];
  for (const section of sections.value) {
    const type = section.headers['content-type'] ?? '';
    if (/^multipart\/mixed/i.test(type)) {
      const inner = readMixed(type, section.body);
      const replies = inner.ok ? readReplies(inner.value) : inner;
      if (!replies.ok) return replies;
      parts.push({ kind: 'changeSet', replies: replies.value });
      continue;
    }
    const reply = readReply(section);
    if (!reply.ok) return reply;
    parts.push({ kind: 'single', reply: reply.value });
  }
  return ok(parts);
};

/** True for the address of a batch. */
export const isBatchAddress = (url: string): boolean => url.split('?')[0]?.endsWith('/$batch') === true;

/**
 * The one answer that stands for a whole change set that was refused. Nothing else is a lone answer: what reads asks
 * for two things at least.
 */
export const refusedChangeSet = (reply: HttpReply): HttpReply | undefined => {
  const parts = readBatch(reply);
  const [first, ...others] = parts.ok ? parts.value : [];
  return first?.kind === 'single' && others.length === 0 ? first.reply : undefined;
};
