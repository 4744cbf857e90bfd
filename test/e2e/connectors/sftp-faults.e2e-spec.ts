import { SFTP_SANDBOX_CREDENTIALS } from '@quotebridge/sandbox/sftp';
import { onlySpecifications, PARTS_HEADER as HEADER, partsRow as row, sftpWorld } from './sftp-world';
import { sftpSettings } from './sftp-settings';

describe('the SFTP connector and a file server with faults', () => {
  const world = sftpWorld();

  describe('faults of the server', () => {
    it.each([
      [
        'a connection that is cut in the middle of a file',
        { name: 'dropConnection', method: 'READ', after: 3 },
      ],
      ['a connection that is cut while listing', { name: 'dropConnection', method: 'READDIR' }],
      ['a lost answer to a move', { name: 'dropConnection', method: 'RENAME' }],
      ['a read that is never answered', { name: 'stall', method: 'READ', after: 2 }],
      ['short reads', { name: 'shortRead', times: 'always' }],
      ['a slow server', { name: 'delay', ms: 300, times: 5 }],
    ])('%s is got over', async (_name, fault) => {
      await world.switches.post('/__sandbox/drops', { file: 'parts.csv', size: 0.5 });
      await world.switches.fault(fault);
      const settings = sftpSettings(world.sandbox, onlySpecifications(), { attemptSeconds: 1 });
      expect(await world.oneRun(settings)).toMatchObject({
        state: 'succeeded',
        counts: { created: 1000, rejected: 0 },
      });
      expect(world.filesIn('inbox')).toEqual([]);
    });

    it.each([
      ['a host key that is not pinned', { name: 'otherHostKey', times: 'always' }, 'is not pinned'],
      ['a refused sign-in', { name: 'refuseSignIn', times: 'always' }, 'refused the user quotebridge'],
      ['a missing right', { name: 'denyRequest', method: 'OPENDIR', times: 'always' }, 'permission denied'],
    ])('%s fails the run with a reason and takes nothing', async (_name, fault, reason) => {
      world.drop('parts.csv', [HEADER, row('P-1')].join('\n'));
      await world.switches.fault(fault);
      const run = await world.oneRun(sftpSettings(world.sandbox, onlySpecifications()));
      expect(run).toMatchObject({ state: 'failed', error: expect.stringContaining(reason) as string });
      expect(run.error).not.toContain(SFTP_SANDBOX_CREDENTIALS.password);
      expect(world.owner.resources.size).toBe(0);
      await world.switches.clear();
      expect(await world.connector?.runStream('partSpecifications')).toMatchObject({
        state: 'succeeded',
        counts: { created: 1 },
      });
    });

    it('a byte that changes on the way does not count when a checksum was announced', async () => {
      await world.switches.post('/__sandbox/drops', { file: 'parts.csv', size: 0.05, tell: 'checksum' });
      await world.switches.fault({ name: 'corruptRead', path: 'parts.csv', after: 1 });
      const settings = sftpSettings(
        world.sandbox,
        onlySpecifications({ complete: { kind: 'checksum', file: '{name}.sha256' } }),
      );
      expect(await world.oneRun(settings)).toMatchObject({ state: 'succeeded', counts: { read: 0 } });
    });

    it('a file that became another one after it was looked through, size and time as before, is not taken', async () => {
      world.drop('parts.csv', [HEADER, row('P-1')].join('\n'));
      // One read looks through it.
      await world.switches.fault({ name: 'corruptRead', path: 'parts.csv', after: 1 });
      expect(await world.oneRun(sftpSettings(world.sandbox, onlySpecifications()))).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('is not what it was when it was looked through') as string,
      });
      expect(world.owner.resources.size).toBe(0);
      expect(await world.connector?.runStream('partSpecifications')).toMatchObject({
        state: 'succeeded',
        counts: { created: 1 },
      });
    });
  });

  it('a run that dies in the middle of a file goes on behind the last settled record', async () => {
    await world.switches.post('/__sandbox/drops', { file: 'parts.csv', size: 4 });
    const settings = sftpSettings(world.sandbox, onlySpecifications(), { pageSize: 500 });
    await world.switches.fault({ name: 'failRequest', method: 'READ', path: 'parts.csv', after: 36 });
    const first = await world.oneRun(settings);
    expect(first).toMatchObject({ state: 'failed' });
    const taken = world.owner.resources.size;
    await world.switches.clear();
    const second = await world.connector?.runStream('partSpecifications');
    expect(second).toMatchObject({ state: 'succeeded', counts: { rejected: 0 } });
    expect(taken).toBeGreaterThan(0);
    expect((second?.counts.read ?? 0) + taken).toBe(8_000);
    expect(world.owner.resources.size).toBe(8_000);
    expect(world.result('.result.json')).toMatchObject({
      records: 8_000,
      streams: [{ accepted: 8_000, rejected: 0 }],
    });
  });
});
