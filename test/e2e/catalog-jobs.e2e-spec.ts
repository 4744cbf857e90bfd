import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { loadSettings } from '@quotebridge/platform/config';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';

const V5 = '/tmf-api/productCatalogManagement/v5';

interface Job {
  id: string;
  status: string;
  errorLog?: string;
  progress: Record<string, number>;
}

describe('import and export jobs', () => {
  let catalog: RunningComponent;
  let folder: string;
  const api = () => request(catalog.url);
  const url = (name: string): string => pathToFileURL(join(folder, name)).href;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jobs-'));
    catalog = await startComponent(
      productCatalog,
      loadSettings(productCatalogSettings, {
        ...process.env,
        AUTH: 'off',
        DATABASE: `jobs-${randomUUID()}`,
        LOG_LEVEL: 'error',
        JOBS_FOLDER: folder,
      }),
    );
  });
  afterAll(() => catalog.close());

  const run = async (kind: 'importJob' | 'exportJob', body: object): Promise<Job> => {
    const type = kind === 'importJob' ? 'ImportJob' : 'ExportJob';
    const made = await api()
      .post(`${V5}/${kind}`)
      .send({ '@type': type, ...body })
      .expect(201);
    for (;;) {
      const job = (await api().get(`${V5}/${kind}/${made.body.id}`).expect(200)).body as Job;
      if (job.status === 'Succeeded' || job.status === 'Failed') return job;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  it('takes good records, lists each bad one with its line and faults, and a second run changes nothing', async () => {
    const lines = Array.from({ length: 1_000 }, (_, n) =>
      n % 100 === 7
        ? '{"name": 12}'
        : n === 500
          ? 'not json'
          : JSON.stringify({ id: `imported-${n}`, name: `Part ${n}` }),
    );
    await writeFile(join(folder, 'parts.ndjson'), lines.join('\n'));
    const job = await run('importJob', { url: url('parts.ndjson'), path: '/productOffering' });
    expect(job).toMatchObject({ status: 'Succeeded', progress: { read: 1_000, created: 989, rejected: 11 } });
    const errors = await api()
      .get(job.errorLog ?? '')
      .expect(200);
    expect(errors.body).toHaveLength(11);
    await api().get('/operations/jobs/none/errors').expect(404);
    expect(errors.body[0]).toMatchObject({ line: 8, faults: [expect.objectContaining({ path: '/name' })] });
    const again = await run('importJob', { url: url('parts.ndjson'), path: '/productOffering' });
    expect(again.progress).toMatchObject({ unchanged: 989, created: 0, rejected: 11 });
  });

  it.each(['ndjson', 'json', 'csv'])(
    'exports %s that imports again to the same resources',
    async (format) => {
      const tag = randomUUID();
      const made = await api()
        .post(`${V5}/category`)
        .send({
          '@type': 'Category',
          name: tag,
          description: '0123, "quoted"\nand more',
          isRoot: true,
          validFor: { startDateTime: '2026-01-01T00:00:00Z' },
        })
        .expect(201);
      const out = await run('exportJob', {
        url: url(`${tag}.${format}`),
        path: '/category',
        query: `name=${tag}`,
      });
      expect(out).toMatchObject({ status: 'Succeeded', progress: { exported: 1 } });
      expect(await readFile(join(folder, `${tag}.${format}`), 'utf8')).toContain(tag);
      await api().delete(`${V5}/category/${made.body.id}`).expect(204);
      const back = await run('importJob', { url: url(`${tag}.${format}`), path: '/category' });
      expect(back.progress).toMatchObject({ created: 1, rejected: 0 });
      const restored = await api().get(`${V5}/category/${made.body.id}`).expect(200);
      expect({ ...restored.body, lastUpdate: '' }).toEqual({ ...made.body, lastUpdate: '' });
    },
  );

  it('refuses an address outside the jobs folder and fails a job whose file is not there', async () => {
    await api().post(`${V5}/importJob`).send({ '@type': 'ImportJob', url: 'file:///etc/passwd' }).expect(400);
    const job = await run('importJob', { url: url('none.ndjson'), path: '/category' });
    expect(job.status).toBe('Failed');
    expect(job.errorLog).toContain('none.ndjson');
  });
});
