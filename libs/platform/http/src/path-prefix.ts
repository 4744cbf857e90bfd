/** The path of a public address: `/deals-quote` of `https://example.com/deals-quote/`, empty where it has none. */
export const pathPrefixOf = (publicUrl: string): string =>
  new URL(publicUrl, 'http://localhost').pathname.replace(/\/+$/, '');

/**
 * A request's target without the prefix that the public address has. What does not begin with it stays as it is:
 * neighbours in the cluster leave it out, a gateway that does not strip it sends it along.
 */
export const withoutPrefix = (target: string, prefix: string): string => {
  if (prefix === '' || !target.startsWith(prefix)) return target;
  const rest = target.slice(prefix.length);
  if (rest === '') return '/';
  if (rest.startsWith('/')) return rest;
  return rest.startsWith('?') ? `/${rest}` : target;
};
