import { customerComponent, customerSettings } from '@quotebridge/components/customer';
import { eventually } from '../support';
import { startComponentSuite, type ComponentSuite } from '../support/component-suite';

describe('the counters that alerts look at', () => {
  let suite: ComponentSuite;
  beforeAll(async () => {
    suite = await startComponentSuite(customerComponent, customerSettings);
  });
  afterAll(() => suite.close());

  it('are there before anything was counted: dead letters of the consumers of a component', async () => {
    const zero = /^quotebridge_dead_letters_total\{consumer="[^"]*individual[^"]*".*\} 0$/m;
    await eventually('the counter at nothing', async () =>
      zero.test(await (await fetch(`${suite.component.url}/metrics`)).text()),
    );
  });
});
