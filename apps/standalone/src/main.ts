import { parseArgs } from 'node:util';
import { loadSettings } from '@quotebridge/platform/config';
import { isPortTaken, keepHeapTight, messageOf } from '@quotebridge/platform/core';
import { addressesOf, removeAddresses, writeAddresses } from './addresses';
import { runDeal } from './deal';
import { standaloneSettings } from './settings';
import { startSuite } from './suite';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const listAddresses = (addresses: Readonly<Record<string, string>>): void => {
  const wanted = Object.entries(addresses).filter(
    ([name]) => !/^(openapi|metrics|operations|views)\//.test(name),
  );
  const width = Math.max(...wanted.map(([name]) => name.length));
  for (const [name, address] of wanted) say(`  ${name.padEnd(width)}  ${address}`);
};

const untilSignal = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });

const run = async (): Promise<number> => {
  const { values } = parseArgs({ options: { once: { type: 'boolean' }, 'no-demo': { type: 'boolean' } } });
  const settings = loadSettings(standaloneSettings, process.env);
  say('Starting QuoteBridge');
  await removeAddresses(settings.dataFolder);
  const suite = await startSuite(settings, say);
  try {
    const addresses = addressesOf(suite, settings);
    const file = await writeAddresses(settings.dataFolder, addresses);
    if (values['no-demo'] !== true) await runDeal(suite, addresses, say);
    if (values.once === true) return 0;
    suite.startSchedules();
    say('\nQuoteBridge is up. Stop it with Ctrl+C.');
    listAddresses(addresses);
    say(`  All of them, for scripts: ${file}`);
    await untilSignal();
    say('Stopping: requests and messages in work are finished first.');
    return 0;
  } finally {
    await suite.close();
  }
};

keepHeapTight();
run().then(
  (code) => process.exit(code),
  (thrown: unknown) => {
    const isTaken = thrown instanceof Error && isPortTaken(thrown.cause);
    const hint = isTaken ? ' QUOTEBRIDGE_PORTS=free takes any free ports.' : '';
    process.stderr.write(`QuoteBridge stopped. ${messageOf(thrown)}${hint}\n`);
    process.exit(1);
  },
);
