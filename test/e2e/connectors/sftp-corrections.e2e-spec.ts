import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { onlySpecifications, PARTS_HEADER as HEADER, partsRow as row, sftpWorld } from './sftp-world';
import { sftpSettings } from './sftp-settings';

/** A line of a parts list as its file is read. */
const recordOf = (line: string): JsonObject => {
  const values = line.split(';');
  return Object.fromEntries(HEADER.split(';').map((name, index) => [name, values[index] ?? '']));
};

describe('records of files that somebody corrects or tries', () => {
  const world = sftpWorld();
  const send = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${world.connector?.url ?? ''}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as JsonObject | JsonObject[] };
  };
  const names = async (): Promise<unknown[]> =>
    (await world.quarantine()).map(({ externalId }) => externalId);

  it.each([
    ['as the file has them', (_kept: JsonObject, data: JsonObject) => data],
    ['as the quarantine shows them', (kept: JsonObject, data: JsonObject) => ({ ...kept, data })],
  ])('guarantee 8: corrections %s take the place of their records and are accepted', async (_as, bodyOf) => {
    world.drop('parts.csv', [HEADER, row('P-1').replace(';A;', ';Z;'), 'P-2;too;few'].join('\n'));
    await world.oneRun(sftpSettings(world.sandbox, onlySpecifications()));
    expect(await names()).toEqual(['P-1', 'P-2']);
    const [first] = await world.quarantine();
    expect(first?.['faults']).toMatchObject([{ path: '/Status', of: 'record', value: 'Z' }]);
    for (const { externalId, record } of await world.quarantine()) {
      const body = bodyOf(record as JsonObject, recordOf(row(String(externalId))));
      const path = `/quarantine/partSpecifications/${externalId}?wait=true`;
      expect(await send('PUT', path, body)).toMatchObject({
        status: 200,
        body: { state: 'succeeded', trigger: 'replay', counts: { read: 1, created: 1, rejected: 0 } },
      });
    }
    expect(await names()).toEqual([]);
    const id = stableId(world.instance, 'productSpecification', 'P-1');
    expect(world.owner.resources.get(id)).toMatchObject({ name: 'Ring P-1', lifecycleStatus: 'Launched' });
  });

  it('guarantee 8: what cannot take the place of an entry is refused with a reason, and the entry stays', async () => {
    world.drop('parts.csv', Buffer.from([0x1f, 0x8b, 0x00, 0x01]));
    await world.oneRun(sftpSettings(world.sandbox, onlySpecifications()));
    expect(await names()).toEqual(['file/parts.csv']);
    const path = `/quarantine/partSpecifications/${encodeURIComponent('file/parts.csv')}?wait=true`;
    expect(await send('PUT', path, recordOf(row('P-1')))).toMatchObject({
      status: 409,
      body: { code: 'notCorrectable', message: expect.stringContaining('as a whole') as string },
    });
    expect(await names()).toEqual(['file/parts.csv']);
    expect(await send('PUT', '/quarantine/nothing/P-1', {})).toMatchObject({
      status: 404,
      body: { code: 'unknownStream' },
    });
  });

  it('a preview shows what records as the file has them become', async () => {
    await world.start(sftpSettings(world.sandbox, onlySpecifications()));
    const records = [recordOf(row('P-1')), recordOf(row('P-2').replace(';A;', ';Z;'))];
    const mapping = { name: '$uppercase($mapped.name)' };
    expect(await send('POST', '/streams/partSpecifications/preview', { mapping, records })).toMatchObject({
      status: 200,
      body: [
        { externalId: 'P-1', resources: [{ resource: { name: 'RING P-1' } }] },
        { externalId: 'P-2', faults: [{ path: '/Status', code: 'enum' }] },
      ],
    });
  });

  it('a stream that was never there is not an empty list', async () => {
    await world.start(sftpSettings(world.sandbox, onlySpecifications()));
    for (const list of ['quarantine', 'runs']) {
      expect(await send('GET', `/${list}?stream=partSpecifications`)).toMatchObject({ status: 200 });
      expect(await send('GET', `/${list}?stream=partSpecification`)).toMatchObject({
        status: 404,
        body: { code: 'unknownStream', message: expect.stringContaining('has partSpecifications') as string },
      });
    }
  });
});
