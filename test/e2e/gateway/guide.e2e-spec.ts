import { describeGuide, expectedPattern, readGuide, runGuide, type GuideRun } from '../support/guide';
import { startGatewaySuite, type GatewaySuite } from '../support/gateway-suite';

const steps = readGuide('business-api.md');
const numbered = steps.map((step, index) => ({
  ...step,
  index,
  first: step.commands.trim().split('\n')[0] ?? '',
}));

describeGuide('docs/guides/business-api.md', () => {
  let suite: GatewaySuite;
  let run: GuideRun;

  beforeAll(async () => {
    suite = await startGatewaySuite({ CONFIRM_WITHIN: '100ms' });
    await suite.sell('SP-GUIDE', 12.5);
    run = await runGuide(steps, { GATEWAY: `${suite.gateway.url}/api`, PART: 'SP-GUIDE' }, 120_000);
  }, 180_000);
  afterAll(() => suite.stop());

  it('runs to its end', () => {
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
    expect(run.outputs).toHaveLength(steps.length);
  });

  it.each(numbered.filter(({ expected }) => expected.length > 0))(
    '$heading: step $index prints what the guide says: $first',
    (step) => {
      expect(run.outputs[step.index]).toMatch(expectedPattern(step));
    },
  );
});
