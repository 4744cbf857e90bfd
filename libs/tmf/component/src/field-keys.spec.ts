import { randomBytes } from 'node:crypto';
import { Secret } from '@quotebridge/platform/config';
import type { ResourceDefinition } from '@quotebridge/tmf/resource';
import { fieldKeysFor } from './field-keys';

const personal = [
  { name: 'customer', encrypted: [{ path: 'birthDate' }] },
] as unknown as ResourceDefinition[];
const plain = [{ name: 'category' }] as unknown as ResourceDefinition[];
const KEYS = new Secret(`k1:${randomBytes(32).toString('base64')}`);

describe('starting with personal data', () => {
  const warnings: string[] = [];
  const logger = { warn: (_: object, message: string) => void warnings.push(message) };
  const ask = (
    resources: readonly ResourceDefinition[],
    host: string,
    fieldEncryption: string,
    fieldKeys?: Secret,
  ) => fieldKeysFor(resources, { host, fieldEncryption, fieldKeys } as never, logger);

  beforeEach(() => void warnings.splice(0));

  it('keys are used wherever they are given', () => {
    expect(ask(personal, '0.0.0.0', 'on', KEYS)?.currentId).toBe('k1');
    expect(ask(personal, '127.0.0.1', 'off', KEYS)?.currentId).toBe('k1');
    expect(() => ask(personal, '127.0.0.1', 'on', new Secret('k1:abc'))).toThrow('FIELD_KEYS must be a list');
  });

  it('without keys the start is refused where others can reach it, unless somebody says that this is meant', () => {
    expect(() => ask(personal, '0.0.0.0', 'on')).toThrow('FIELD_KEYS is not set: personal data of customer');
    expect(ask(personal, '0.0.0.0', 'off')).toBeUndefined();
    expect(ask(personal, '127.0.0.1', 'on')).toBeUndefined();
    expect(warnings).toHaveLength(2);
  });

  it('a component without personal data needs none and says nothing', () => {
    expect(ask(plain, '0.0.0.0', 'on')).toBeUndefined();
    expect(warnings).toEqual([]);
  });
});
