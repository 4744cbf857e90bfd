import { loadSettings, SettingsError } from '@quotebridge/platform/config';
import { quoteSettings } from './settings';

const ENOUGH = {
  MONGODB_URI: 'mongodb://127.0.0.1/?replicaSet=rs',
  NATS_URL: 'nats://127.0.0.1',
  CATALOG_URL: 'http://127.0.0.1:1',
};

describe('settings of the quote component', () => {
  it('have rules that can be read where none are given', () => {
    expect(loadSettings(quoteSettings, ENOUGH)).toMatchObject({ expiryStates: ['approved:rejected'] });
  });

  it('are refused with every rule that cannot be read, all at once', () => {
    const wrong = { DISCOUNT_THRESHOLDS: '20', TOTAL_THRESHOLDS: 'EUR:x:boss', EXPIRY_STATES: 'none,a:b' };
    let faults: readonly string[] = [];
    try {
      loadSettings(quoteSettings, { ...ENOUGH, ...wrong });
    } catch (thrown) {
      if (!(thrown instanceof SettingsError)) throw thrown;
      faults = thrown.faults.map(({ path, message }) => `${path} ${message}`);
    }
    expect(faults).toEqual([
      expect.stringMatching(/^DISCOUNT_THRESHOLDS "20" is refused: .*<per cent>:<role>/),
      expect.stringMatching(/^TOTAL_THRESHOLDS "EUR:x:boss" is refused: .*<currency>:<amount>:<role>/),
      expect.stringMatching(/^EXPIRY_STATES "none,a:b" is refused: .*<state>:<state>/),
    ]);
  });
});
