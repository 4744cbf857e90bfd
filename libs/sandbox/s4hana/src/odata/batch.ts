import { Refusal } from '@quotebridge/platform/core';
import { badRequest, refused } from './errors';

/** One HTTP request inside a batch. */
export interface BatchPart {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer to a part. */
export interface PartAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How parts are worked: alone, or all-or-nothing when `work` throws. */
export interface BatchWorker {
  handle(part: BatchPart): PartAnswer;
  refuse(thrown: unknown): PartAnswer;
  transaction<T>(work: () => T): T;
}

const boundaryOf = (contentType: string | undefined): string => {
  const boundary = /^multipart\/mixed\s*;.*boundary="?([^";]+)"?/i.exec(contentType ?? '')?.[1];
  if (boundary === undefined) throw badRequest('A batch is sent as multipart/mixed with a boundary.');
  return boundary;
};

const sections = (body: string, boundary: string): string[] => {
  const parts = `\r\n${body}`.split(`\r\n--${boundary}`);
  const end = parts.findIndex((part, index) => index > 0 && part.startsWith('--'));
  if (end < 0) throw badRequest(`The batch lacks its closing boundary --${boundary}--.`);
  return parts.slice(1, end).map((part) => part.replace(/^[ \t]*\r\n/, ''));
};

const headersAndBody = (text: string): { headers: Record<string, string>; body: string } => {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const lines = head.split('\r\n').filter((line) => line.includes(':'));
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { headers: Object.fromEntries(headers), body: rest.join('\r\n\r\n') };
};

const requestOf = (text: string): BatchPart & { contentId: string | undefined } => {
  const outer = headersAndBody(text);
  const [line = '', ...rest] = outer.body.replace(/^(\r\n)+/, '').split('\r\n');
  const [, method, url] = /^(\w+) (\S+)(?: HTTP\/1\.\d)?$/.exec(line) ?? [];
  if (method === undefined || url === undefined)
    throw badRequest(`Invalid request line '${line}' in the batch.`);
  const inner = headersAndBody(
    rest.join('\r\n').startsWith('\r\n') ? `\r\n${rest.join('\r\n')}` : rest.join('\r\n'),
  );
  const contentId = outer.headers['content-id'] ?? inner.headers['content-id'];
  return { method, url, headers: inner.headers, body: inner.body.trim(), contentId };
};

const REASONS: Record<number, string> = { 200: 'OK', 201: 'Created', 204: 'No Content', 400: 'Bad Request' };

const written = (answer: PartAnswer, contentId?: string): string => {
  const headers = { ...answer.headers, 'content-length': String(Buffer.byteLength(answer.body)) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(contentId === undefined ? [] : [`content-id: ${contentId}`]),
    '',
    `HTTP/1.1 ${answer.status} ${REASONS[answer.status] ?? 'Error'}`,
    ...lines,
    '',
    answer.body,
  ].join('\r\n');
};

const joined = (boundary: string, parts: readonly string[]): string =>
  `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;

/** Works a changeset: every part or none. One refusal stands for the whole changeset. */
const changeset = (text: string, contentType: string, worker: BatchWorker): string => {
  const requests = sections(text, boundaryOf(contentType)).map(requestOf);
  if (requests.some((request) => request.method === 'GET'))
    throw badRequest('A changeset takes no GET request.');
  const created = new Map<string, string>();
  try {
    const parts = worker.transaction(() =>
      requests.map((request) => {
        const url = request.url.replace(/^\/?\$([\w-]+)/, (whole, id: string) => created.get(id) ?? whole);
        const answer = worker.handle({ ...request, url });
        const location = answer.headers['location'];
        if (request.contentId !== undefined && location !== undefined)
          created.set(request.contentId, location);
        return written(answer, request.contentId);
      }),
    );
    const boundary = 'ejjeeffe1';
    return `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${joined(boundary, parts)}`;
  } catch (thrown) {
    return written(worker.refuse(thrown));
  }
};

/** Works a whole `$batch` body and returns the multipart answer (status 202). */
export const workBatch = (
  contentType: string | undefined,
  body: string,
  worker: BatchWorker,
): { contentType: string; body: string } => {
  const parts = sections(body.replace(/\r?\n/g, '\r\n'), boundaryOf(contentType)).map((section) => {
    const { headers, body: inner } = headersAndBody(section);
    const type = headers['content-type'] ?? '';
    if (type.startsWith('multipart/mixed')) return changeset(inner, type, worker);
    if (!type.startsWith('application/http')) throw badRequest(`A batch part cannot be '${type}'.`);
    const request = requestOf(section);
    if (request.method !== 'GET') {
      return written(
        worker.refuse(refused(400, '/IWBEP/CM_MGW_RT/021', 'Writes in a batch belong into a changeset.')),
      );
    }
    try {
      return written(worker.handle(request));
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      return written(worker.refuse(thrown));
    }
  });
  const boundary = 'ejjeeffe0';
  return { contentType: `multipart/mixed; boundary=${boundary}`, body: joined(boundary, parts) };
};
