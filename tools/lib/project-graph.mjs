// The rule of module boundaries reads the graph of projects that Nx has cached, and says nothing at all where there
// is none, as in a fresh clone. So the lint config makes it first, in this process: no daemon stays behind.
process.env.NX_DAEMON ??= 'false';

/** Computes and caches the graph of projects; unchanged parts come from the cache. */
export const cacheProjectGraph = async () => {
  const { createProjectGraphAsync } = await import('nx/src/devkit-exports');
  return createProjectGraphAsync({ exitOnError: false });
};
