import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  changedDate,
  PARTS_PER_SIZE,
  sparePart,
  startVendorSystem,
  type Faults,
  type Sandbox,
  type SandboxOptions,
  type TableView,
} from '@quotebridge/sandbox/core';
import { Refusal } from '@quotebridge/platform/core';
import { dropFile, readDropOrder } from './drop-files';
import { FILE_FAULTS } from './file-service';
import { partsText } from './parts-text';
import { startSshServer, type SftpCredentials } from './ssh-server';

/** How an SFTP sandbox is started. */
export interface SftpSandboxOptions extends SandboxOptions {
  /** Port of the SFTP server; 0 takes a free one. `port` is that of the page and the switches. */
  readonly sftpPort: number;
  readonly credentials?: SftpCredentials;
}

/** A running SFTP sandbox. */
export interface SftpSandbox extends Sandbox {
  readonly sftpPort: number;
  /** Fingerprint to pin. */
  readonly hostKey: string;
  /** Folder on disk that clients see as `/`. */
  readonly folder: string;
}

/** The user of a sandbox that is not told another one. */
export const SFTP_SANDBOX_CREDENTIALS: SftpCredentials = {
  user: 'quotebridge',
  password: 'sftp-sandbox-password',
  authorizedKeys: [],
};

const FOLDERS = ['inbox', 'archive', 'results', 'refused'];
const MOST_ROWS = 200;
/** Name of the parts list that lies in the inbox at the start. */
export const FIRST_PARTS_LIST = 'parts-2026-01.csv';

const writeFirstList = (folder: string, seed: number, rows: number): void => {
  const file = openSync(join(folder, 'inbox', FIRST_PARTS_LIST), 'w');
  try {
    for (const piece of partsText({ seed, rows, format: 'csv' })) writeSync(file, piece);
  } finally {
    closeSync(file);
  }
};

const filesBelow = (folder: string, path: string): string[][] =>
  readdirSync(join(folder, path), { withFileTypes: true }).flatMap((entry) => {
    const name = `${path}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(folder, name);
    const { size, mtime } = statSync(join(folder, name));
    return [[name, String(size), mtime.toISOString().slice(0, 19).replace('T', ' ')]];
  });

const viewsOf = (folder: string, seed: number, rows: number): TableView[] => {
  const shown = Array.from({ length: Math.min(rows, MOST_ROWS) }, (_, index) => sparePart(seed, index));
  return [
    {
      title: 'Files',
      columns: ['Path', 'Bytes', 'Changed'],
      rows: FOLDERS.flatMap((name) => filesBelow(folder, `/${name}`)).slice(0, MOST_ROWS),
    },
    {
      title: `The first of ${rows} parts`,
      columns: ['Number', 'Name', 'Group', 'Price', 'Status', 'Superseded by', 'Changed'],
      rows: shown.map((part) => [
        part.number,
        part.name,
        part.group,
        part.price,
        part.status,
        part.supersededBy,
        changedDate(part),
      ]),
    },
  ];
};

const asJson = (body: unknown): unknown => {
  try {
    return JSON.parse(String(body));
  } catch {
    throw new Refusal(400, 'badJson', 'The body is not JSON.');
  }
};

/** Starts a simulated file server of a parts supplier: SFTP beside a page with switches. Rejects when a port is taken. */
export const startSftpSandbox = async (options: SftpSandboxOptions): Promise<SftpSandbox> => {
  const { seed = 1, size = 1, dataFile } = options;
  const rows = Math.round(size * PARTS_PER_SIZE);
  const credentials = options.credentials ?? SFTP_SANDBOX_CREDENTIALS;
  const folder =
    dataFile === undefined ? mkdtempSync(join(tmpdir(), 'quotebridge-sftp-')) : `${dataFile}.files`;
  const fill = (): void => {
    rmSync(folder, { recursive: true, force: true });
    for (const name of FOLDERS) mkdirSync(join(folder, name), { recursive: true });
    writeFirstList(folder, seed, rows);
  };
  const isKept = dataFile !== undefined && existsSync(join(folder, 'inbox'));
  if (!isKept) fill();
  let isStarted = false;
  let known: Faults | undefined;
  let address = (): object => ({});
  const page = await startVendorSystem(
    {
      title: 'SFTP sandbox',
      intro: 'A simulated file server of a parts supplier: parts lists in the inbox, results beside it.',
      faults: FILE_FAULTS,
      seed: () => {
        if (isStarted) fill();
        isStarted = true;
      },
      routes: ({ app, faults }) => {
        known = faults;
        app.get('/__sandbox/sftp', async () => address());
        app.post('/__sandbox/drops', async (request, reply) =>
          reply
            .code(201)
            .send(await dropFile(join(folder, 'inbox'), readDropOrder(asJson(request.body), size), seed)),
        );
        app.get('/__sandbox/files', async () =>
          FOLDERS.flatMap((name) => filesBelow(folder, `/${name}`)).map(([path, bytes]) => ({
            path,
            bytes: Number(bytes),
          })),
        );
      },
      errorAnswer: ({ status, code, message }) => ({ status, body: { code, message } }),
      expireTokens: () => undefined,
      views: () => viewsOf(folder, seed, rows),
    },
    options,
  );
  if (known === undefined) throw new Error('The sandbox did not register its routes');
  const ssh = await startSshServer({
    host: options.host,
    port: options.sftpPort,
    root: folder,
    credentials,
    faults: known,
    latencyMs: options.latencyMs ?? 0,
  });
  address = () => ({ port: ssh.port, user: credentials.user, hostKey: ssh.hostKey.fingerprint });
  return {
    ...page,
    sftpPort: ssh.port,
    hostKey: ssh.hostKey.fingerprint,
    folder,
    close: async () => {
      await ssh.close();
      await page.close();
      if (dataFile === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
};
