import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { specificationId } from './ids';

/** Attributes of the productSpecification of a part; what other streams say of it stays. */
export const partPatch = (source: string, part: string, attributes: JsonObject): IngestRecord => ({
  externalId: part,
  op: 'patch',
  id: specificationId(source, part),
  resource: { '@type': 'ProductSpecification', ...attributes },
});
