import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** This checkout. */
export const ROOT = path.resolve(__dirname, '../../..');
const MOST_OUTPUT = 64 * 1024 * 1024;

/** Runs a script of a checkout, of this one unless another is named; gives what it wrote, or rejects with it. */
export const runTool = async (
  script: string,
  args: readonly string[],
  { checkout = ROOT, env = process.env, cwd = checkout }: ToolPlace = {},
): Promise<string> => {
  const all = [path.join(checkout, script), ...args];
  try {
    return (await promisify(execFile)(process.execPath, all, { env, cwd, maxBuffer: MOST_OUTPUT })).stdout;
  } catch (thrown) {
    const { stdout = '', stderr = '' } = thrown as { stdout?: string; stderr?: string };
    throw new Error(`${script} ${args.join(' ')}: ${stderr}${stdout}`, { cause: thrown });
  }
};

interface ToolPlace {
  readonly checkout?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}
