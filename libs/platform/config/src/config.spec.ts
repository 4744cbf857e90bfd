import { inspect } from 'node:util';
import * as fc from 'fast-check';
import {
  defineSettings,
  describeSettings,
  loadSettings,
  onlyUrls,
  parseDuration,
  Secret,
  SettingsError,
} from './index';

const schema = defineSettings({
  mongodbUri: { type: 'url', schemes: ['mongodb', 'mongodb+srv'], doc: 'Where MongoDB answers.' },
  httpPort: { type: 'port', default: 8080, doc: 'Port of the API.' },
  maxPage: { type: 'int', min: 1, max: 1000, default: 100, doc: 'Largest page.' },
  requestTimeout: { type: 'duration', min: '1s', default: '30s', doc: 'Time a request may take.' },
  logLevel: {
    type: 'enum',
    values: ['debug', 'info', 'warn'],
    default: 'info',
    doc: 'Least level | logged.',
  },
  corsOrigins: { type: 'list', default: [], doc: 'Origins that a browser may call from.' },
  strict: { type: 'boolean', default: false, doc: 'Refuse more.' },
  apiKey: { type: 'secret', minLength: 8, optional: true, doc: 'Key of the outside system.' },
  instance: { type: 'string', env: 'HOSTNAME', optional: true, doc: 'Name of this process.' },
  share: { type: 'ratio', default: 0.1, doc: 'How many.' },
  receivers: { type: 'list', default: [], check: onlyUrls, doc: 'Who is told.' },
});

const enough = { MONGODB_URI: 'mongodb://a:1,b:2/?replicaSet=rs' };

const faultsOf = (source: Record<string, string>): Record<string, string> => {
  try {
    loadSettings(schema, source);
  } catch (thrown) {
    if (thrown instanceof SettingsError) {
      return Object.fromEntries(thrown.faults.map((fault) => [fault.path, fault.message]));
    }
    throw thrown;
  }
  return {};
};

describe('loadSettings', () => {
  it('gives typed values, defaults for what is left out and undefined for what is optional', () => {
    const settings = loadSettings(schema, {
      ...enough,
      MAX_PAGE: '50',
      REQUEST_TIMEOUT: '1.5s',
      LOG_LEVEL: 'warn',
      CORS_ORIGINS: 'a, b,,c',
      STRICT: 'Yes',
      HOSTNAME: ' pod-1 ',
    });
    const level: 'debug' | 'info' | 'warn' = settings.logLevel;
    const key: Secret | undefined = settings.apiKey;
    expect({ ...settings, logLevel: level, apiKey: key }).toEqual({
      mongodbUri: enough.MONGODB_URI,
      httpPort: 8080,
      maxPage: 50,
      requestTimeout: 1500,
      logLevel: 'warn',
      corsOrigins: ['a', 'b', 'c'],
      strict: true,
      apiKey: undefined,
      instance: 'pod-1',
      share: 0.1,
      receivers: [],
    });
  });

  it('reads a duration default in the same words as a given one', () => {
    expect(loadSettings(schema, enough).requestTimeout).toBe(30_000);
  });

  it('takes an empty variable as not set', () => {
    expect(loadSettings(schema, { ...enough, HTTP_PORT: ' ', HOSTNAME: '' })).toMatchObject({
      httpPort: 8080,
      instance: undefined,
    });
  });

  it('lists every fault at once with what is wrong and what is expected', () => {
    const faults = faultsOf({ HTTP_PORT: '70000', MAX_PAGE: '0', LOG_LEVEL: 'loud', STRICT: 'maybe' });
    expect(faults).toEqual({
      MONGODB_URI:
        'is not set: expected a URL that starts with mongodb:// or mongodb+srv:// and names a host',
      HTTP_PORT: '"70000" is not a port number from 0 to 65535',
      MAX_PAGE: '"0" is not a whole number from 1 to 1000',
      LOG_LEVEL: '"loud" is not one of debug, info, warn',
      STRICT: '"maybe" is not true or false',
    });
  });

  it('says the number of faults and one line for each in the message', () => {
    expect(() => loadSettings(schema, { HTTP_PORT: 'x' })).toThrow(
      /^2 settings are wrong:\n- MONGODB_URI: .*\n- HTTP_PORT: "x" is not a port number from 0 to 65535$/,
    );
  });

  it.each([
    ['MAX_PAGE', '1e2'],
    ['MAX_PAGE', '12.5'],
    ['MAX_PAGE', '99999999999999999999'],
    ['HTTP_PORT', '-1'],
    ['REQUEST_TIMEOUT', '30'],
    ['REQUEST_TIMEOUT', '10ms'],
    ['MONGODB_URI', 'http://a'],
    ['MONGODB_URI', 'mongodb://'],
    ['MONGODB_URI', 'mongodb://user:pass@'],
    ['STRICT', 'constructor'],
    ['SHARE', 'abc'],
    ['SHARE', '1.1'],
    ['SHARE', '-0'],
    ['SHARE', '10%'],
  ])('refuses %s=%s', (name, text) => {
    expect(Object.keys(faultsOf({ ...enough, [name]: text }))).toEqual([name]);
  });

  it.each(['0', '1', '.5', '0.25', '1.0'])('takes %s as a share', (text) => {
    expect(loadSettings(schema, { ...enough, SHARE: text }).share).toBe(Number(text));
  });

  it('never shows a secret or the credentials of a URL in a fault', () => {
    const faults = faultsOf({
      MONGODB_URI: 'ftp://joe:hunter2@host',
      API_KEY: 'short',
      RECEIVERS: 'https://x.example,ftp://joe:hunter2@y.example',
    });
    expect(JSON.stringify(faults)).not.toMatch(/hunter2|short/);
    expect(faults['MONGODB_URI']).toContain('ftp://***@host');
    expect(faults['RECEIVERS']).toContain('ftp://***@y.example is not a URL');
    expect(faults['API_KEY']).toBe('the value (not shown) is not a secret text of at least 8 characters');
  });

  it('reads back every whole number inside the bounds and refuses every other', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2000, max: 2000 }), (value) => {
        const faults = faultsOf({ ...enough, MAX_PAGE: String(value) });
        expect('MAX_PAGE' in faults).toBe(value < 1 || value > 1000);
      }),
    );
  });

  it('gives values or a SettingsError for any text, and nothing else', () => {
    const names = [
      'MONGODB_URI',
      'HTTP_PORT',
      'MAX_PAGE',
      'REQUEST_TIMEOUT',
      'LOG_LEVEL',
      'STRICT',
      'API_KEY',
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.string()), (source) => {
        expect(Object.keys(faultsOf(source)).every((name) => names.includes(name))).toBe(true);
      }),
    );
  });
});

describe('parseDuration', () => {
  it('gives the milliseconds of any whole amount in any unit', () => {
    const units = [
      ['ms', 1],
      ['s', 1_000],
      ['m', 60_000],
      ['h', 3_600_000],
      ['d', 86_400_000],
    ] as const;
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.constantFrom(...units), (amount, [unit, factor]) => {
        expect(parseDuration(`${amount}${unit}`)).toBe(amount * factor);
      }),
    );
  });

  it.each(['', '5', 's', '-1s', '1 s', '1w', '0.5ms', '1e3ms'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('Secret', () => {
  it('gives its value only when asked to reveal it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), (value) => {
        const secret = new Secret(value);
        const printed = [
          String(secret),
          JSON.stringify({ secret }),
          inspect({ secret }, { showHidden: true }),
        ];
        expect(printed.some((text) => text.includes(value))).toBe(false);
        expect(secret.reveal()).toBe(value);
      }),
    );
  });
});

describe('describeSettings', () => {
  it('renders one row per setting with its name, value, default and purpose', () => {
    const lines = describeSettings(schema).trimEnd().split('\n');
    expect(lines).toHaveLength(2 + Object.keys(schema).length);
    expect(lines[2]).toBe(
      '| `MONGODB_URI` | a URL that starts with mongodb:// or mongodb+srv:// and names a host | **required** | Where MongoDB answers. |',
    );
    expect(lines[5]).toBe(
      '| `REQUEST_TIMEOUT` | a duration of at least 1s such as 500ms, 30s, 5m, 2h or 1d | `30s` | Time a request may take. |',
    );
    expect(lines[7]).toContain('| empty |');
    expect(lines[9]).toContain('| not set |');
  });

  it('keeps a bar inside a text from breaking the table', () => {
    expect(describeSettings(schema)).toContain('Least level \\| logged.');
  });

  it('hides the credentials of a default', () => {
    const table = describeSettings(
      defineSettings({ url: { type: 'url', default: 'http://joe:hunter2@host', doc: 'x' } }),
    );
    expect(table).toContain('`http://***@host`');
  });
});
