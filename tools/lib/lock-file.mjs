const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** The platform that the name of a native package tells, as fields of a lock file's entry; undefined when none. */
export const platformOf = (name) => {
  const words = name.split('/').at(-1).split('-');
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined) return undefined;
  const libc = os !== 'linux' ? undefined : words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc';
  return { cpu: [cpu], ...(libc === undefined ? {} : { libc: [libc] }), os: [os] };
};

// Where Node.js would look for `name` from a package, nearest first.
const placesFor = (path, name) => {
  const parts = path.split('/node_modules/');
  const nested = parts.map(
    (_, i) => `${parts.slice(0, parts.length - i).join('/node_modules/')}/node_modules/${name}`,
  );
  return [...nested, `node_modules/${name}`];
};

/** Entries for the optional, exactly pinned platform packages that `packages` of a lock file names but lacks. */
export const missingVariants = (packages) => {
  const missing = {};
  for (const [path, host] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(host.optionalDependencies ?? {})) {
      const platform = platformOf(name);
      const known = placesFor(path, name).some((place) => packages[place] !== undefined);
      if (known || platform === undefined || !/^\d+\.\d+\.\d+/.test(version)) continue;
      const folder = path.slice(0, path.lastIndexOf('node_modules/'));
      const flags = host.dev ? { dev: true } : {};
      const { cpu, ...rest } = platform;
      missing[`${folder}node_modules/${name}`] = {
        version,
        cpu,
        ...flags,
        license: host.license,
        ...rest,
        optional: true,
      };
    }
  }
  return missing;
};
