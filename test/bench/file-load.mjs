// One large file through the SFTP connector into the product catalog: whether all of it arrives, and in how much memory.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../tools/lib/paths.mjs';
import { cpuOf, memoryOf, startProgram } from './processes.mjs';
import { startVirtualDrop } from './virtual-drop.mjs';

const ADMIN = 'bench-admin-token-0123456789';
const STREAM = 'parts';

const settingsFor = ({ port, hostKey }) => ({
  host: '127.0.0.1',
  port,
  user: 'bench',
  auth: { kind: 'password' },
  hostKeys: [hostKey],
  inbox: '/inbox',
  archive: '/archive',
  results: '/results',
  drops: [
    {
      name: 'parts',
      files: '*.ndjson',
      format: { kind: 'ndjson' },
      complete: { kind: 'stable', seconds: 0 },
      streams: [
        {
          name: STREAM,
          resource: 'productSpecification',
          id: 'number',
          idType: 'part',
          fields: {
            name: 'name',
            productNumber: 'number',
            isBundle: { constant: false },
            lifecycleStatus: { constant: 'Active' },
          },
        },
      ],
    },
  ],
});

const caller =
  (url) =>
  async (path, method = 'GET', body = undefined) => {
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return reply.json();
  };

/** Runs the stream to its end and tells every ten seconds how far it is; gives the run's record. */
const runToEnd = async (call, tell) => {
  const { id } = await call(`/streams/${STREAM}/run`, 'POST', { wait: false });
  for (let look = 1; ; look += 1) {
    await sleep(1_000);
    const record = await call(`/runs/${id}`);
    if (record.state !== undefined && record.state !== 'running') return record;
    if (look % 10 === 0) tell(`${record.counts?.read ?? 0} records read`);
  }
};

/**
 * Loads a file of `records` lines of `recordBytes`. Gives the run's record, what the connector wrote about the file, seconds,
 * the resident memory of both processes in MB, and the processor time so far of the connector and of the processes `pids`, before and
 * after.
 */
export const measureFileLoad = async ({
  records,
  recordBytes,
  folder,
  env,
  catalog,
  pids,
  closers,
  tell,
}) => {
  const drop = await startVirtualDrop({ records, recordBytes });
  closers.push(drop.close);
  const connector = await startProgram({
    name: 'connector',
    folder,
    args: [join(root, 'dist/apps/connector/src/main.js')],
    env: {
      ...env,
      CONNECTOR_TYPE: 'sftp',
      CONNECTOR_INSTANCE: 'bench',
      CONNECTOR_SETTINGS: JSON.stringify(settingsFor(drop)),
      CONNECTOR_SECRETS: JSON.stringify({ password: 'bench' }),
      STREAM_SCHEDULE: 'event',
      OUTBOUND_ALLOW: 'loopback',
      ADMIN_TOKEN: ADMIN,
    },
  });
  closers.push(connector.stop);
  const before = memoryOf(connector.pid).now;
  const cpu = () => [connector.pid, ...pids].map(cpuOf);
  const cpuBefore = cpu();
  const start = performance.now();
  const run = await runToEnd(caller(connector.url), tell);
  return {
    run,
    bytes: drop.bytes,
    seconds: (performance.now() - start) / 1_000,
    told: JSON.parse(Object.values(drop.results())[0] ?? '{}'),
    connector: { before, ...memoryOf(connector.pid) },
    catalog: memoryOf(catalog.pid),
    cpu: { before: cpuBefore, after: cpu() },
  };
};
