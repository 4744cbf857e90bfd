import { existsSync } from 'node:fs';
import path from 'node:path';
import { startChild, type Child } from './child';
import { eventually } from './eventually';
import { freePort } from './free-port';

/** An app of this workspace, built, running as a process of its own. */
export interface TestProcess {
  /** Where it listens; the same after a restart. Empty for an app that does not listen. */
  readonly url: string;
  /** The line with which it said that it is ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  readonly pid: number;
  /** What it wrote since its last start. */
  lines(): readonly string[];
  /** Ends it without warning (SIGKILL). */
  kill(): Promise<void>;
  /** Ends it in order (SIGTERM) and gives the exit code. */
  stop(): Promise<number | null>;
  /** Starts it again, on the same port; kills it first when it still runs. */
  restart(): Promise<void>;
}

/** Settings by name in the environment. Nothing else of this process's own but PATH and HOME is handed on. */
export type ProcessEnv = Readonly<Record<string, string>>;

const ROOT = path.resolve(__dirname, '../../..');
/** A start takes a second, or far more on a machine that does many things at once. */
const READY_WITHIN_MS = 120_000;

const readyLine = (lines: readonly string[]): Record<string, unknown> | undefined => {
  const line = lines.find((text) => text.startsWith('{"ready"'));
  return line === undefined ? undefined : (JSON.parse(line) as Record<string, unknown>);
};

const startApp = async (
  main: string,
  env: ProcessEnv,
): Promise<{ child: Child; ready: Record<string, unknown> }> => {
  const base = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const child = startChild(process.execPath, ['--enable-source-maps', main], { ...base, ...env }, ROOT);
  const ready = await eventually(
    `${main} to be ready`,
    () => {
      if (child.isOver())
        throw new Error(`${main} ended before it was ready:\n${child.lines.slice(-20).join('\n')}`);
      return readyLine(child.lines);
    },
    READY_WITHIN_MS,
  ).catch(async (thrown: unknown) => {
    await child.end('SIGKILL');
    throw thrown;
  });
  return { child, ready };
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Starts `dist/apps/<app>/src/main.js` and waits until it prints its line `{"ready":…,"url":…}`.
 * Rejects with the last lines it wrote when it ends before that.
 */
export const startProcess = async (app: string, env: ProcessEnv): Promise<TestProcess> => {
  const main = path.join(ROOT, 'dist/apps', app, 'src/main.js');
  if (!existsSync(main)) throw new Error(`${app} is not built: run npm run build first.`);
  // Named, so that nobody gets it while the process restarts.
  const settings = { PORT: String(await freePort()), ...env };
  let { child, ready } = await startApp(main, settings);
  const url = textOf(ready['url']);
  return {
    url,
    get ready() {
      return ready;
    },
    get pid() {
      return child.process.pid ?? 0;
    },
    lines: () => child.lines,
    kill: async () => {
      await child.end('SIGKILL');
    },
    stop: () => child.end('SIGTERM'),
    restart: async () => {
      if (!child.isOver()) await child.end('SIGKILL');
      ({ child, ready } = await startApp(main, settings));
    },
  };
};

/** Runs an app to its end with arguments: for commands. */
export const runApp = async (
  app: string,
  args: readonly string[],
  env: ProcessEnv,
): Promise<{ code: number | null; lines: readonly string[] }> => {
  const main = path.join(ROOT, 'dist/apps', app, 'src/main.js');
  if (!existsSync(main)) throw new Error(`${app} is not built: run npm run build first.`);
  const base = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const child = startChild(process.execPath, [main, ...args], { ...base, ...env }, ROOT);
  await eventually(`${app} ${args.join(' ')} to end`, () => child.isOver());
  return { code: child.process.exitCode, lines: child.lines };
};
