import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { stableId } from '@quotebridge/platform/core';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startComponentSuite, type ComponentSuite } from './support/component-suite';

describe('ingest of records without @type', () => {
  let suite: ComponentSuite;
  beforeAll(async () => {
    suite = await startComponentSuite(productCatalog, productCatalogSettings, {
      JOBS_FOLDER: mkdtempSync(path.join(tmpdir(), 'jobs-')),
    });
  });
  afterAll(() => suite?.close());

  it('classes that go without saying are filled in before a record is judged; a wrong one is refused', async () => {
    const record = (externalId: string, resource: object) => ({
      externalId,
      op: 'upsert' as const,
      id: stableId('files', 'productSpecification', externalId),
      resource: { name: 'A part', ...resource },
    });
    const outcomes = await suite.ingest('productSpecification', [
      record('P-1', { productSpecificationRelationship: [{ relationshipType: 'substitution', id: 'x' }] }),
      record('P-2', { '@type': 7 }),
    ]);
    expect(outcomes.map(({ externalId, status }) => [externalId, status])).toEqual([
      ['P-1', 'created'],
      ['P-2', 'rejected'],
    ]);
  });
});
