import { defineSettings } from '@quotebridge/platform/config';

/** Settings of the sandbox process, from the environment. */
export const sandboxSettings = defineSettings({
  sandboxHost: { type: 'string', default: '127.0.0.1', doc: 'Address that the sandboxes listen on.' },
  s4hanaPort: { type: 'port', default: 8443, doc: 'Port of the S/4HANA sandbox.' },
  salesforcePort: { type: 'port', default: 8444, doc: 'Port of the Salesforce sandbox.' },
  sftpPagePort: {
    type: 'port',
    default: 8445,
    doc: 'Port of the page and the switches of the SFTP sandbox.',
  },
  sftpPort: { type: 'port', default: 8022, doc: 'Port of the SFTP sandbox itself.' },
  restPort: { type: 'port', default: 8446, doc: 'Port of the REST sandbox.' },
  sandboxDataDir: {
    type: 'string',
    optional: true,
    doc: 'Folder that keeps what was written. Without it everything is in memory.',
  },
  sandboxSeed: { type: 'int', min: 0, max: 4_294_967_295, default: 1, doc: 'Seed of the made-up data.' },
  sandboxSize: { type: 'int', min: 1, max: 10_000, default: 1, doc: 'How many times the basic data.' },
  sandboxAfterSales: {
    type: 'int',
    min: 0,
    max: 100_000,
    default: 100,
    doc: 'How much of the after-sales business S/4HANA and Salesforce have, in percent: 40 models, 2,000 parts, 500 customers at 100, above it in whole hundreds.',
  },
  sandboxCurrencies: {
    type: 'list',
    default: [],
    check: (codes) => {
      const wrong = codes.find((code) => !/^[A-Z]{3}$/.test(code));
      return wrong === undefined ? undefined : `${wrong} is no currency: three capital letters, such as EUR`;
    },
    doc: 'Currencies of the Salesforce org, the corporate one first. Without them it has one and no CurrencyIsoCode.',
  },
  sandboxLatency: { type: 'duration', default: '0ms', doc: 'Time that every answer takes at least.' },
  orderProgress: {
    type: 'duration',
    optional: true,
    doc: 'Sales orders move to B after this time and to C after twice as long. Without it they stay.',
  },
});
