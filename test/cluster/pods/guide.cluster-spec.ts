import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeGuide, expectedPattern, readGuide, runGuide, type GuideRun } from '../../e2e/support/guide';

// A cluster, all parts of the suite and a deal, on two busy cores.
const WITHIN = 1_500_000;
jest.setTimeout(WITHIN + 60_000);

const ROOT = path.resolve(__dirname, '../../..');
const steps = readGuide('kubernetes.md');

describeGuide('docs/guides/kubernetes.md, from the cluster to the deal', () => {
  let folder: string;
  let run: GuideRun;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'qb-guide-'));
    run = await runGuide(steps, { QUOTEBRIDGE_DATA: folder }, WITHIN);
  });
  afterAll(() => {
    const env = { ...process.env, QUOTEBRIDGE_DATA: folder };
    spawnSync('npm', ['run', '--silent', 'cluster:down'], { cwd: ROOT, env });
    rmSync(folder, { recursive: true, force: true });
  });

  it('each command does what the guide says, and the deal goes through', () => {
    const seen = run.outputs.map((output, index) => ({ output, step: steps[index] }));
    for (const { output, step } of seen)
      if (step !== undefined && step.expected.length > 0) expect(output).toMatch(expectedPattern(step));
    const last = steps[run.outputs.length - 1]?.commands ?? '';
    expect({ code: run.code, last: run.code === 0 ? '' : `${last}\n${run.stderr.slice(-2_000)}` }).toEqual({
      code: 0,
      last: '',
    });
    expect(run.outputs).toHaveLength(steps.length);
  });
});
