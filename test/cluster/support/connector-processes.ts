import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';

/** Stands for the processes of all connectors: answers their operations routes. */
export interface ConnectorProcesses {
  /** For CONNECTOR_URL of the operator. */
  readonly address: string;
  /** What `GET /status` of a connector answers from now on; undefined: it answers nothing. */
  report(namespace: string, name: string, report: JsonObject | undefined): void;
  /** `POST` requests so far: method and path with the token they carried. */
  readonly commands: readonly { readonly path: string; readonly token: string; readonly trace: string }[];
  readonly asked: () => number;
  stop(): Promise<void>;
}

const headerOf = ({ headers }: IncomingMessage, name: string): string => String(headers[name] ?? '');

/** Starts them on a free port; a connector without a report of its own is running and has no streams. */
export const startConnectorProcesses = async (): Promise<ConnectorProcesses> => {
  const reports = new Map<string, JsonObject | undefined>();
  const commands: { path: string; token: string; trace: string }[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    const [, namespace = '', child = '', ...rest] = (request.url ?? '').split('/');
    const key = `${namespace}/${child.replace(/-connector$/, '')}`;
    const report = reports.has(key) ? reports.get(key) : { state: 'running', streams: [] };
    if (!isJsonObject(report)) return void request.socket.destroy();
    if (request.method === 'POST') {
      commands.push({
        path: `${key}/${rest.join('/')}`,
        token: headerOf(request, 'authorization'),
        trace: headerOf(request, 'traceparent'),
      });
      const isUnknown = rest[1] === 'unknown';
      response.statusCode = isUnknown ? 404 : 202;
      response.end(JSON.stringify(isUnknown ? { message: 'There is no stream "unknown"' } : { id: 'r1' }));
      return;
    }
    asked += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(report));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/{namespace}/{name}`,
    report: (namespace, name, report) => reports.set(`${namespace}/${name}`, report),
    commands,
    asked: () => asked,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
