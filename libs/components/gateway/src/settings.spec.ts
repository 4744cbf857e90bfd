import { loadSettings } from '@quotebridge/platform/config';
import { gatewaySettings } from './settings';

const ADDRESS = 'http://127.0.0.1:1';
const ENOUGH = {
  MONGODB_URI: 'mongodb://127.0.0.1/?replicaSet=rs',
  NATS_URL: 'nats://127.0.0.1',
  ...Object.fromEntries(
    ['ORDER', 'CUSTOMER', 'CATALOG', 'INVENTORY', 'SALES'].map((name) => [`${name}_URL`, ADDRESS]),
  ),
};

describe('settings of the business API', () => {
  it('are enough with the addresses of the components', () => {
    expect(loadSettings(gatewaySettings, ENOUGH)).toMatchObject({ currency: 'EUR', alertEmails: [] });
  });

  it.each(['https://example.com', 'https://example.com/deals', '/release-gateway'])(
    'take %s as prefix',
    (text) => {
      expect(loadSettings(gatewaySettings, { ...ENOUGH, PUBLIC_URL: text }).publicUrl).toBe(text);
    },
  );

  it.each([
    ['CURRENCY', 'euro', 'three capital letters'],
    ['CONFIRMATION_URLS', 'https://crm.example/told,crm.example', 'crm.example is not a URL'],
    ['ALERT_WEBHOOK_URLS', 'ftp://x', 'ftp://x is not a URL'],
    ['ALERT_EMAILS', 'ops', 'ops is not an e-mail address'],
    ['ALERT_EMAILS', 'a@b.example\nBcc: c@d.example', 'is not an e-mail address'],
    ['CORS_ORIGINS', 'https://shop.example/', 'https://shop.example/ is not an origin'],
    ['TRACE_RATIO', '10%', 'is not a number from 0 to 1'],
    ['PUBLIC_URL', 'example.com/deals', 'expected a URL'],
    ['PUBLIC_URL', '//deals', 'or a path such as /deals'],
    ['PUBLIC_URL', 'https://example.com/', 'without a slash at the end'],
  ])('%s=%s is refused at the start', (name, text, reason) => {
    expect(() => loadSettings(gatewaySettings, { ...ENOUGH, [name]: text })).toThrow(reason);
  });
});
