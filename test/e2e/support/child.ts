import { spawn, type ChildProcess } from 'node:child_process';

/** A program under test, with what it wrote. */
export interface Child {
  readonly process: ChildProcess;
  /** Lines of standard output and error so far, as they came. */
  readonly lines: readonly string[];
  readonly isOver: () => boolean;
  /** Sends the signal and waits for the end; gives the exit code, null when a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const running = new Set<ChildProcess>();
// A test run that ends early must not leave servers behind.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

const keepLines = (stream: NodeJS.ReadableStream | null, lines: string[]): void => {
  let rest = '';
  stream?.on('data', (chunk: Buffer) => {
    const parts = `${rest}${chunk.toString()}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
};

/** Starts a program; its environment is exactly `env`. */
export const startChild = (
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd?: string,
): Child => {
  const child = spawn(file, [...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  const lines: string[] = [];
  let over = false;
  running.add(child);
  keepLines(child.stdout, lines);
  keepLines(child.stderr, lines);
  child.on('error', (error) => lines.push(error.message));
  const ended = new Promise<number | null>((resolve) => {
    const end = (code: number | null): void => {
      over = true;
      running.delete(child);
      resolve(code);
    };
    child.on('close', end);
    child.on('error', () => end(null));
  });
  return {
    process: child,
    lines,
    isOver: () => over,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
};
