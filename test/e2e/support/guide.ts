import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');
const EXPECTS = '# → ';
const MARK = '@@@ step';

/** Commands of a guide up to and with the lines that tell what they print. */
export interface GuideStep {
  /** The heading that the commands stand under. */
  readonly heading: string;
  readonly commands: string;
  /** Texts that the output holds in this order; `…` stands for anything. */
  readonly expected: readonly string[];
}

/** What running a guide gave: the output of every step that was begun, and how the shell ended. */
export interface GuideRun {
  readonly outputs: readonly string[];
  readonly code: number | null;
  readonly stderr: string;
}

/** Guides need bash and curl, which a machine with Node.js alone may lack: their tests are skipped there. */
export const describeGuide =
  spawnSync('bash', ['-c', 'command -v curl']).status === 0 ? describe : describe.skip;

/** Takes the bash blocks of a Markdown guide apart, in order. `file` is below the folder of the guides. */
export const readGuide = (file: string): GuideStep[] => {
  const text = readFileSync(path.join(ROOT, 'docs/guides', file), 'utf8');
  const steps: GuideStep[] = [];
  let heading = '';
  let step: { commands: string[]; expected: string[] } | undefined;
  const end = (): void => {
    if (step) steps.push({ heading, commands: step.commands.join('\n'), expected: step.expected });
    step = undefined;
  };
  let fence = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) {
      end();
      fence = fence === '' ? line : '';
    } else if (fence === '' && line.startsWith('#')) heading = line.replace(/^#+ /, '');
    else if (fence === '```bash') {
      const expects = line.startsWith(EXPECTS);
      if (!expects && step && step.expected.length > 0) end();
      step ??= { commands: [], expected: [] };
      if (expects) step.expected.push(line.slice(EXPECTS.length));
      else step.commands.push(line);
    }
  }
  return steps;
};

/** Runs all steps in one bash that stops at the first command that fails; ends what they left behind. */
export const runGuide = (
  steps: readonly GuideStep[],
  env: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<GuideRun> =>
  new Promise((resolve, reject) => {
    const script = steps.map(({ commands }) => `printf '\\n${MARK}\\n'\n${commands}`).join('\n');
    const base = { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'] };
    // A group of its own, so that what runs in the background can be ended with it.
    const shell = spawn('bash', ['-c', `set -euo pipefail\n${script}`], {
      cwd: ROOT,
      env: { ...base, ...env },
      detached: true,
    });
    const endGroup = (): void => {
      try {
        process.kill(-(shell.pid ?? 0), 'SIGKILL');
      } catch {
        // Nothing of it runs any more.
      }
    };
    const timer = setTimeout(endGroup, timeoutMs);
    let stdout = '';
    let stderr = '';
    shell.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    shell.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    shell.on('error', reject);
    shell.on('exit', () => {
      clearTimeout(timer);
      endGroup();
    });
    shell.on('close', (code) => resolve({ outputs: stdout.split(`\n${MARK}\n`).slice(1), code, stderr }));
  });

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The pattern of a step's expected texts. */
export const expectedPattern = ({ expected }: GuideStep): RegExp =>
  new RegExp(expected.map((text) => text.split('…').map(literally).join('[^]*?')).join('[^]*?'));

/** Tests that a guide that was run came to its end, and that each step printed what the guide says. */
export const itHolds = (steps: readonly GuideStep[], run: () => GuideRun): void => {
  it('runs to its end', () => {
    const { code, stderr, outputs } = run();
    const last = code === 0 ? '' : steps[outputs.length - 1]?.commands;
    expect({ code, stderr, last }).toEqual({ code: 0, stderr: '', last: '' });
    expect(outputs).toHaveLength(steps.length);
  });

  const told = steps.map((step, index) => ({
    ...step,
    index,
    first: step.commands.trim().split('\n')[0] ?? '',
  }));
  it.each(told.filter(({ expected }) => expected.length > 0))(
    '$heading: step $index prints what the guide says: $first',
    (step) => {
      expect(run().outputs[step.index]).toMatch(expectedPattern(step));
    },
  );
};
