import { FieldKeys, isLoopback } from '@quotebridge/platform/security';
import type { Logger } from '@quotebridge/platform/telemetry';
import type { ResourceDefinition } from '@quotebridge/tmf/resource';
import type { ComponentSettings } from './settings';

/**
 * The keys of the fields that a component keeps encrypted. Throws when it has such fields, no keys, can be reached from
 * other machines, and nobody has said that this is meant.
 */
export const fieldKeysFor = (
  resources: readonly ResourceDefinition[],
  { fieldKeys, fieldEncryption, host }: Pick<ComponentSettings, 'fieldKeys' | 'fieldEncryption' | 'host'>,
  logger: Pick<Logger, 'warn'>,
): FieldKeys | undefined => {
  const names = resources.filter(({ encrypted = [] }) => encrypted.length > 0).map(({ name }) => name);
  if (fieldKeys !== undefined) {
    const keys = FieldKeys.parse(fieldKeys.reveal());
    if (!keys.ok) throw new Error(`FIELD_KEYS ${keys.error}.`);
    return keys.value;
  }
  if (names.length === 0) return undefined;
  const what = `personal data of ${names.join(', ')}`;
  if (fieldEncryption === 'on' && !isLoopback(host))
    throw new Error(
      `FIELD_KEYS is not set: ${what} would be stored as plain text. Set it, or FIELD_ENCRYPTION=off when the storage is encrypted.`,
    );
  logger.warn({ resources: names }, `FIELD_KEYS is not set: ${what} is stored as plain text`);
  return undefined;
};
