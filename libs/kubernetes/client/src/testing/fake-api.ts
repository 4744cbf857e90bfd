import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request of a client; `query` tells lists from watches. */
export type Answer = (response: ServerResponse, query: URLSearchParams) => void;

/** An API server that answers what a test tells it: for what a real one does too seldom. */
export interface FakeApi {
  readonly url: string;
  /** Lists and watches in the order in which they came. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** Sends a JSON answer. */
export const sendJson = (
  response: ServerResponse,
  code: number,
  body: object,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

/** A list of objects with these names. */
export const listBody = (resourceVersion: string, ...names: readonly string[]): object => ({
  metadata: { resourceVersion },
  items: names.map((name) => ({ metadata: { name, namespace: 'n', resourceVersion } })),
});

/** A line of a watch. */
export const watchLine = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;

/** Starts it; `list` and `watch` are asked in turn, the last answer of each stays. */
export const startFakeApi = async (
  lists: readonly Answer[],
  watches: readonly Answer[],
): Promise<FakeApi> => {
  const requests: string[] = [];
  const counts = { list: 0, watch: 0 };
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://fake');
    const kind = searchParams.get('watch') === '1' ? 'watch' : 'list';
    requests.push(kind === 'watch' ? `watch ${searchParams.get('resourceVersion')}` : 'list');
    const answers = kind === 'watch' ? watches : lists;
    answers[Math.min(counts[kind], answers.length - 1)]?.(response, searchParams);
    counts[kind] += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
