import { describeGuide, itHolds, readGuide, runGuide, type GuideRun } from '../support/guide';
import { startGatewaySuite, type GatewaySuite } from '../support/gateway-suite';

const steps = readGuide('business-api.md');
describeGuide('docs/guides/business-api.md', () => {
  let suite: GatewaySuite;
  let run: GuideRun;

  beforeAll(async () => {
    suite = await startGatewaySuite({ CONFIRM_WITHIN: '100ms' });
    await suite.sell('SP-GUIDE', 12.5);
    run = await runGuide(steps, { GATEWAY: `${suite.gateway.url}/api`, PART: 'SP-GUIDE' }, 120_000);
  }, 180_000);
  afterAll(() => suite.stop());

  itHolds(steps, () => run);
});
