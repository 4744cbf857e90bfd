import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { OperatorAccount } from './operator';

/** A request of the operator, and with what it was refused when it was not let through. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly isWatch: boolean;
  readonly atMs: number;
  readonly refused: number | undefined;
}

/** What is answered instead of the API server; undefined lets a request through to it. */
type Fault = (
  asked: Omit<Asked, 'refused'>,
) => { readonly code: number; readonly reason: string } | undefined;

/** Stands between the operator and a real API server, and answers what that does too seldom. */
export interface FaultyProxy {
  /** For KUBE_API_URL. */
  readonly url: string;
  readonly asked: readonly Asked[];
  /** How requests fail from now on; nothing: they do not. */
  fail(fault?: Fault): void;
  /** Ends every watch in order, as the API server does from time to time. */
  endWatches(): void;
  stop(): Promise<void>;
}

/** How long the refused are told to wait. */
const RETRY_AFTER_S = 1;

/** Passes requests on with the rights of that account. */
export const startFaultyProxy = async ({ env }: OperatorAccount): Promise<FaultyProxy> => {
  const [target = '', token, ca] = [
    env['KUBE_API_URL'],
    readFileSync(env['KUBE_TOKEN_FILE'] ?? '', 'utf8'),
    readFileSync(env['KUBE_CA_FILE'] ?? '', 'utf8'),
  ];
  const asked: Asked[] = [];
  const watches = new Set<ServerResponse>();
  let fault: Fault | undefined;
  const server = createServer((incoming, outgoing) => {
    const { pathname: path, searchParams } = new URL(incoming.url ?? '', 'http://proxy');
    const isWatch = searchParams.get('watch') === '1';
    const one = { method: incoming.method ?? '', path, isWatch, atMs: performance.now() };
    const answer = fault?.(one);
    asked.push({ ...one, refused: answer?.code });
    if (answer !== undefined) {
      const headers = { 'content-type': 'application/json', 'retry-after': String(RETRY_AFTER_S) };
      const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'not now', ...answer };
      incoming.resume();
      outgoing.writeHead(answer.code, headers).end(JSON.stringify(body));
      return;
    }
    const headers = { ...incoming.headers, host: new URL(target).host, authorization: `Bearer ${token}` };
    const upstream = request(`${target}${incoming.url ?? ''}`, { method: one.method, headers, ca });
    upstream.on('response', (response) => {
      if (isWatch) watches.add(outgoing);
      outgoing.writeHead(response.statusCode ?? 502, response.headers).flushHeaders();
      response.pipe(outgoing);
    });
    upstream.on('error', () => outgoing.destroy());
    // What still comes for a watch that was ended goes nowhere.
    outgoing.on('error', () => undefined);
    outgoing.on('close', () => {
      watches.delete(outgoing);
      upstream.destroy();
    });
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    fail: (how) => (fault = how),
    endWatches: () => [...watches].forEach((watch) => watch.end()),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
