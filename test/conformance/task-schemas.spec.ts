import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadSpec, validatorFor, type Api, type ApiVersion } from '@quotebridge/tmf-specs';
import request from 'supertest';
import { eventually } from '../e2e/support/eventually';
import { startRunningSuite, type RunningSuite } from './support/running-suite';

const VERSIONS: readonly ApiVersion[] = ['v4', 'v5'];
const LONG = 30_000;

interface Task extends Record<string, unknown> {
  readonly id: string;
}

describe('every answer about a task is what the API documents say', () => {
  let suite: RunningSuite;
  beforeAll(async () => {
    suite = await startRunningSuite();
  });
  afterAll(() => suite?.close());

  const path = (api: Api, version: ApiVersion, name: string): string =>
    `${loadSpec(api, version).servers[0]?.url ?? ''}/${name}`;
  const typed = (version: ApiVersion, type: string) => (version === 'v5' ? { '@type': type } : {});

  /** Posts a task, reads it in both versions until it is over, and checks each answer. */
  const follow = async (
    api: Api,
    version: ApiVersion,
    [name, schema]: readonly [string, string],
    body: object,
    isOver: (task: Task) => boolean,
  ): Promise<Task> => {
    const on = () => request(suite.url(api));
    const faults = (of: ApiVersion, value: unknown) => validatorFor(api, of, schema)(value);
    const made = await on()
      .post(path(api, version, name))
      .send({ ...typed(version, schema), ...body })
      .expect(201);
    expect(made.headers['location']).toBe(made.body.href);
    expect(faults(version, made.body)).toEqual([]);
    const id = made.body.id as string;
    const over = await eventually(
      `the end of the ${name}`,
      async () => {
        const { body: now } = await on()
          .get(`${path(api, version, name)}/${id}`)
          .expect(200);
        expect(faults(version, now)).toEqual([]);
        return isOver(now as Task) && (now as Task);
      },
      LONG,
    );
    for (const other of VERSIONS) {
      const one = await on()
        .get(`${path(api, other, name)}/${id}`)
        .expect(200);
      expect(faults(other, one.body)).toEqual([]);
      const list = await on()
        .get(path(api, other, name))
        .expect(200);
      expect((list.body as Task[]).map((task) => task.id)).toContain(id);
      expect((list.body as Task[]).flatMap((task) => faults(other, task))).toEqual([]);
    }
    return over;
  };

  it.each(VERSIONS)('%s exportJob and importJob', async (version) => {
    const url = pathToFileURL(join(suite.jobsFolder, `offerings-${version}.ndjson`)).href;
    const body = { url, contentType: 'application/x-ndjson', path: '/productOffering' };
    const isOver = ({ status }: Task) => status === 'Succeeded' || status === 'Failed';
    const written = await follow('TMF620', version, ['exportJob', 'ExportJob'], body, isOver);
    expect(written['status']).toBe('Succeeded');
    expect(await readFile(new URL(url), 'utf8')).toContain(suite.offering);
    const read = await follow('TMF620', version, ['importJob', 'ImportJob'], body, isOver);
    expect(read['status']).toBe('Succeeded');
  });

  it.each(VERSIONS)('%s cancelProductOrder', async (version) => {
    const item = {
      ...typed(version, 'ProductOrderItem'),
      id: '1',
      action: 'add',
      quantity: 1,
      productOffering: { ...typed(version, 'ProductOfferingRef'), id: suite.offering },
    };
    const order = await request(suite.url('TMF622'))
      .post(path('TMF622', version, 'productOrder'))
      .send({ ...typed(version, 'ProductOrder'), productOrderItem: [item] })
      .expect(201);
    const body = {
      cancellationReason: 'A test',
      productOrder: { ...typed(version, 'ProductOrderRef'), id: order.body.id as string },
    };
    const names = ['cancelProductOrder', 'CancelProductOrder'] as const;
    const task = await follow('TMF622', version, names, body, ({ state }) => state === 'done');
    expect(task['effectiveCancellationDate']).toEqual(expect.any(String));
  });
});
