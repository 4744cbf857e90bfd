import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSettings } from '@quotebridge/connectors/sdk';
import { connectorNamed, connectorTypes } from './connectors';
import { readConnectorSettings, readSecrets } from './settings';

describe('settings of the process', () => {
  it('secrets come from the text and from the mounted folder, which wins', () => {
    const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    writeFileSync(join(folder, 'clientSecret'), 'from the folder\n');
    writeFileSync(join(folder, '..data'), 'bookkeeping');
    mkdirSync(join(folder, '..2026'));
    expect(readSecrets('{"clientSecret":"from the text","password":"p","n":1}', folder)).toEqual({
      clientSecret: 'from the folder',
      password: 'p',
    });
  });

  it('a text that is no JSON object is refused without showing it', () => {
    expect(() => readSecrets('hunter2', undefined)).toThrow('CONNECTOR_SECRETS is not a JSON object');
    expect(() => readConnectorSettings('[]', undefined)).toThrow('CONNECTOR_SETTINGS is not a JSON object');
    expect(() => readConnectorSettings(undefined, undefined)).toThrow('CONNECTOR_SETTINGS_FILE');
  });
});

describe('connectors', () => {
  it('an unknown kind is refused with the names of the known ones', () => {
    expect(() => connectorNamed('fax')).toThrow(`known are ${connectorTypes.join(', ')}`);
  });

  it.each(connectorTypes)('%s names everything that is missing at once', (type) => {
    const definition = connectorNamed(type);
    const { faults } = checkSettings(definition, {}, {});
    const required = definition.settingsSchema['required'] as string[];
    expect(faults.map(({ path }) => path)).toEqual(
      expect.arrayContaining(required.map((name) => `/settings/${name}`)),
    );
  });

  it('S/4HANA asks for the secret of the chosen way to sign in, and for nothing of the other', () => {
    const definition = connectorNamed('s4hana');
    const base = { baseUrl: 'https://s4.example', salesOrganization: '1710', distributionChannel: '10' };
    const faultsOf = (auth: object): string[] =>
      checkSettings(definition, { ...base, auth: { ...auth } }, {}).faults.map(({ path }) => path);
    expect(faultsOf({ kind: 'basic', user: 'U' })).toEqual(['/secrets/password']);
    expect(
      faultsOf({ kind: 'clientCredentials', clientId: 'c', tokenUrl: 'https://s4.example/token' }),
    ).toEqual(['/secrets/clientSecret']);
  });

  it('defaults are filled in and the given settings stay untouched', () => {
    const given = { instanceUrl: 'https://org.example', clientId: 'c', offeringSource: 's4hana' };
    const { settings, faults } = checkSettings(connectorNamed('salesforce'), given, {
      clientSecret: 'secret',
    });
    expect(faults).toEqual([]);
    expect(settings).toMatchObject({ apiVersion: '62.0', stageByQuoteState: { accepted: 'Closed Won' } });
    expect(given).toEqual({ instanceUrl: 'https://org.example', clientId: 'c', offeringSource: 's4hana' });
  });
});
