import type { Socket } from 'node:net';
import { Refusal, type Ids } from '@quotebridge/platform/core';
import { errorBody } from './error-body';

const KNOWN: Readonly<Record<string, { line: string; refusal: Refusal }>> = {
  HPE_HEADER_OVERFLOW: {
    line: '431 Request Header Fields Too Large',
    refusal: new Refusal(400, 'headersTooLarge', 'The headers are larger than this server accepts'),
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    line: '408 Request Timeout',
    refusal: new Refusal(408, 'requestTimeout', 'The request did not arrive in time'),
  },
};

const MALFORMED = {
  line: '400 Bad Request',
  refusal: new Refusal(400, 'malformedRequest', 'What was sent is not an HTTP request'),
};

/** Answers what Node.js could not read as a request with the TMF error body, and closes the connection. */
export const answerBrokenRequest = (ids: Ids, thrown: NodeJS.ErrnoException, socket: Socket): void => {
  if (thrown.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { line, refusal } = KNOWN[thrown.code ?? ''] ?? MALFORMED;
  const errorId = ids.next();
  const body = JSON.stringify({
    ...errorBody(refusal, errorId),
    status: line.slice(0, 3),
    reason: line.slice(4),
  });
  socket.end(
    [
      `HTTP/1.1 ${line}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Error-Id: ${errorId}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
};
