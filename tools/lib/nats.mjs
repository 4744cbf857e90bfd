import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { previousIsGone, startServer } from './child.mjs';
import { lastLines } from './exec.mjs';
import { tailOf } from './log-tail.mjs';
import { writableDir } from './paths.mjs';
import { oldest } from './pinned.mjs';
import { firstLine, freePort, isFree } from './ports.mjs';
import { SetupError } from './say.mjs';
import { atLeast } from './versions.mjs';

const UP_WITHIN = 60_000;
const LOOK_EVERY = 50;

// An event carries the whole resource, and a request body may have 10 MB.
const configOf = (port, storeDir) => `listen: 127.0.0.1:${port}
max_payload: 16MB
jetstream { store_dir: ${JSON.stringify(storeDir)} }
`;

const infoOf = async (host, port, timeout) => {
  const line = await firstLine(host, port, timeout);
  if (!line.startsWith('INFO ')) throw new Error('what answers there is no NATS server');
  return JSON.parse(line.slice(5));
};

/** Why nats-server ended, out of its log and output, as the rest of a sentence. */
export const whyNatsEnded = (text, storeDir, port) => {
  if (/address already in use/.test(text)) return `port ${port} was taken by another program`;
  if (/permission denied|read-only file system|not writable/i.test(text)) {
    return `it may not write to its data folder ${storeDir}`;
  }
  if (/no space left/i.test(text)) return `the disk of ${storeDir} is full`;
  const said = text
    .split('\n')
    .filter((line) => /\[(FTL|ERR)\]|nats-server:/.test(line))
    .join('\n');
  return `it ended: ${lastLines(said || text, 1).slice(0, 400) || 'it did not say why'}`;
};

/**
 * Starts nats-server with JetStream on the loopback address and waits until it answers.
 * @param {{ file: string, storeDir: string, port?: number }} options port: a free one unless given
 * @returns {Promise<{ url: string, port: number, stop: () => Promise<void>, exited: Promise<object> }>}
 */
export const startNats = async ({ file, storeDir, port: wanted }) => {
  writableDir(storeDir, 'QUOTEBRIDGE_DATA');
  const pidFile = `${storeDir}.pid`;
  if (!(await previousIsGone(pidFile))) {
    throw new SetupError(
      `NATS did not come up: the nats-server of an earlier run still uses ${storeDir}; stop it.`,
    );
  }
  if (wanted !== undefined && !(await isFree(wanted))) {
    throw new SetupError(`NATS did not come up: port ${wanted} is taken by another program.`);
  }
  const port = wanted ?? (await freePort());
  const [log, config] = [`${storeDir}.log`, `${storeDir}.conf`];
  rmSync(log, { force: true });
  writeFileSync(config, configOf(port, storeDir));
  const server = startServer(file, ['-c', config, '-l', log], { pidFile });
  const end = performance.now() + UP_WITHIN;
  while (performance.now() < end && !server.over) {
    const info = await infoOf('127.0.0.1', port, 1_000).catch(() => undefined);
    if (info?.jetstream === true) {
      return { url: `nats://127.0.0.1:${port}`, port, stop: server.stop, exited: server.exited };
    }
    await sleep(LOOK_EVERY);
  }
  const late = server.over ? undefined : `no JetStream within ${UP_WITHIN / 1000} seconds (log: ${log})`;
  await server.stop();
  const { output } = await server.exited;
  const why = late ?? whyNatsEnded(`${tailOf(log)}\n${output}`, storeDir, port);
  throw new SetupError(`NATS did not come up: ${why}.`);
};

/** Proves that the NATS of an address can be used: it answers, is new enough and has JetStream. */
export const checkNats = async (addresses) => {
  const first = addresses.split(',')[0].trim();
  const address = first.includes('://') ? first : `nats://${first}`;
  if (!URL.canParse(address) || !/^(nats|tls|wss?):/.test(address)) {
    throw new SetupError('NATS_URL is no address of a NATS server, such as nats://127.0.0.1:4222.');
  }
  const { hostname, port } = new URL(address);
  let info;
  try {
    info = await infoOf(hostname, Number(port || 4222), 10_000);
  } catch (error) {
    throw new SetupError(`NATS_URL is set, but that server does not answer: ${error.message || error.code}`);
  }
  if (info.jetstream !== true)
    throw new SetupError('NATS_URL names a server without JetStream: switch it on.');
  if (!atLeast(info.version, oldest['nats-server'])) {
    throw new SetupError(`NATS_URL names NATS ${info.version}: ${oldest['nats-server']} or later is needed.`);
  }
  return info.version;
};
