// An SFTP server with one large file that lies nowhere: what is read of it is made while it is read.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';

const { Server, utils } = createRequire(import.meta.url)('ssh2');
const { STATUS_CODE, OPEN_MODE } = utils.sftp;
const DIGITS = 10;
const FOLDER = { mode: 0o40755, uid: 0, gid: 0, size: 0, atime: 1, mtime: 1 };

/** Lines of NDJSON, all equally long, so that each place of the file is known without those before it. */
const linesOf = (records, recordBytes) => {
  const before = '{"number":"P-';
  const between = '","name":"Part ';
  const after = '","text":"';
  const end = '"}\n';
  const filling = recordBytes - before.length - between.length - after.length - end.length - 2 * DIGITS;
  const text = 'spare part '.repeat(Math.ceil(filling / 11)).slice(0, filling);
  const blank = '0'.repeat(DIGITS);
  const line = Buffer.from(`${before}${blank}${between}${blank}${after}${text}${end}`);
  const places = [before.length, before.length + DIGITS + between.length];
  return {
    size: records * recordBytes,
    read: (from, length) => {
      const to = Math.min(from + length, records * recordBytes);
      const first = Math.floor(from / recordBytes);
      const last = Math.ceil(to / recordBytes);
      const bytes = Buffer.allocUnsafe((last - first) * recordBytes);
      for (let index = first; index < last; index += 1) {
        const start = (index - first) * recordBytes;
        line.copy(bytes, start);
        const number = String(index + 1).padStart(DIGITS, '0');
        for (const place of places) bytes.write(number, start + place, 'latin1');
      }
      return bytes.subarray(from - first * recordBytes, to - first * recordBytes);
    },
  };
};

/** A small file that is written. */
const written = () => {
  let bytes = Buffer.alloc(0);
  return {
    get size() {
      return bytes.length;
    },
    read: (from, length) => bytes.subarray(from, from + length),
    write: (at, data) => {
      bytes = Buffer.concat([bytes.subarray(0, at), data]);
    },
    text: () => bytes.toString('utf8'),
  };
};

const attributesOf = ({ size }) => ({ ...FOLDER, mode: 0o100644, size });

const serve = (sftp, files, folders) => {
  const handles = new Map();
  let last = 0;
  const keep = (value) => {
    last += 1;
    handles.set(last, value);
    const key = Buffer.alloc(4);
    key.writeUInt32BE(last);
    return key;
  };
  const behind = (handle) => handles.get(handle.readUInt32BE());
  const no = (id) => sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
  const yes = (id) => sftp.status(id, STATUS_CODE.OK);
  const stat = (id, path) => {
    const file = files.get(path);
    if (file !== undefined) return sftp.attrs(id, attributesOf(file));
    return folders.has(path) ? sftp.attrs(id, FOLDER) : no(id);
  };
  sftp.on('STAT', stat).on('LSTAT', stat);
  sftp.on('OPEN', (id, path, flags) => {
    if (flags & OPEN_MODE.WRITE) files.set(path, written());
    const file = files.get(path);
    return file === undefined ? no(id) : sftp.handle(id, keep(file));
  });
  sftp.on('READ', (id, handle, offset, length) => {
    const bytes = behind(handle).read(offset, length);
    return bytes.length === 0 ? sftp.status(id, STATUS_CODE.EOF) : sftp.data(id, bytes);
  });
  sftp.on('WRITE', (id, handle, offset, data) => {
    behind(handle).write(offset, Buffer.from(data));
    yes(id);
  });
  sftp.on('OPENDIR', (id, path) =>
    folders.has(path) ? sftp.handle(id, keep({ path, told: false })) : no(id),
  );
  sftp.on('READDIR', (id, handle) => {
    const open = behind(handle);
    const found = [...files].filter(([path]) => path.slice(0, path.lastIndexOf('/')) === open.path);
    if (open.told || found.length === 0) return sftp.status(id, STATUS_CODE.EOF);
    open.told = true;
    return sftp.name(
      id,
      found.map(([path, file]) => {
        const filename = path.slice(path.lastIndexOf('/') + 1);
        return { filename, longname: filename, attrs: attributesOf(file) };
      }),
    );
  });
  sftp.on('CLOSE', (id, handle) => {
    handles.delete(handle.readUInt32BE());
    yes(id);
  });
  sftp.on('MKDIR', (id, path) => {
    folders.add(path);
    yes(id);
  });
  sftp.on('REMOVE', (id, path) => (files.delete(path) ? yes(id) : no(id)));
  sftp.on('RENAME', (id, from, to) => {
    const file = files.get(from);
    if (file === undefined) return no(id);
    files.delete(from);
    files.set(to, file);
    return yes(id);
  });
};

/**
 * Starts it on a free port of the loopback address, with `records` lines of `recordBytes` in /inbox/parts.ndjson. Who wants
 * may sign in. `results` gives the files that were written below /results, by name.
 */
export const startVirtualDrop = async ({ records, recordBytes }) => {
  const { private: hostKey } = utils.generateKeyPairSync('ed25519');
  const files = new Map([['/inbox/parts.ndjson', linesOf(records, recordBytes)]]);
  const folders = new Set(['/', '/inbox']);
  const server = new Server({ hostKeys: [hostKey] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => context.accept());
    client.on('session', (accept) => accept().on('sftp', (begin) => serve(begin(), files, folders)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const fingerprint = createHash('sha256').update(utils.parseKey(hostKey).getPublicSSH()).digest('base64');
  return {
    port: server.address().port,
    hostKey: `SHA256:${fingerprint.replace(/=+$/, '')}`,
    bytes: records * recordBytes,
    results: () =>
      Object.fromEntries(
        [...files].flatMap(([path, file]) =>
          path.startsWith('/results/') ? [[path.slice(9), file.text()]] : [],
        ),
      ),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
};
