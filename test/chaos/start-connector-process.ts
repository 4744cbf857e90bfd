import path from 'node:path';
import { eventually } from '../e2e/support';
import { startChild, type Child } from '../e2e/support/child';
import type { ConnectorOrder } from './connector-process';

const ROOT = path.resolve(__dirname, '../..');
const READY = '{"ready"';

/** A connector in a process of its own, and where it listens. */
export interface ConnectorChild {
  readonly child: Child;
  readonly url: string;
}

/** Starts a connector that can be killed; resolves when it is ready. */
export const startConnectorProcess = async (order: ConnectorOrder): Promise<ConnectorChild> => {
  const register = path.join(ROOT, 'test/support/ts-register.cjs');
  const main = path.join(__dirname, 'connector-process.ts');
  const child = startChild(
    process.execPath,
    ['-r', register, main, JSON.stringify(order)],
    process.env,
    ROOT,
  );
  const line = await eventually(
    'the connector to be ready',
    () => {
      if (child.isOver()) throw new Error(child.lines.slice(-10).join('\n'));
      return child.lines.find((text) => text.startsWith(READY));
    },
    60_000,
  );
  return { child, url: (JSON.parse(line) as { ready: string }).ready };
};
