import { readFileSync } from 'node:fs';
import { delimiter, dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { SetupError } from '../lib/say.mjs';

// What kubectl knows and the tests do not; each with what would do instead.
const NOT_KNOWN = {
  cluster: {
    'insecure-skip-tls-verify': 'give certificate-authority-data instead',
    'proxy-url': 'name a server that is reached directly',
    'tls-server-name': 'name the server as its certificate does',
  },
  user: {
    exec: 'make a token, such as kubectl create token, and give that',
    'auth-provider': 'make a token, such as kubectl create token, and give that',
    username: 'give a token or a client certificate',
    as: 'give a token of that user himself',
  },
};

const named = (list, name) => (list ?? []).find((one) => one.name === name);

const refuseUnknown = (file, what, part) => {
  for (const [key, instead] of Object.entries(NOT_KNOWN[what])) {
    if (part[key] !== undefined && part[key] !== false)
      throw new SetupError(
        `${file}: the ${what} has \`${key}\`, which the tests do not know (KUBECONFIG): ${instead}.`,
      );
  }
};

/**
 * What the current context of a kubeconfig says: `{ url, ca, cert, key, token }`, each as text. Files that it names are relative to its
 * own folder. Throws a SetupError with one sentence for what is missing or not known.
 */
export const addressIn = (file, read = (path) => readFileSync(path, 'utf8')) => {
  const say = (sentence) => new SetupError(`${file}: ${sentence} (KUBECONFIG).`);
  let config;
  try {
    config = parse(read(file)) ?? {};
  } catch (error) {
    throw say(`it cannot be read: ${error.message.split('\n')[0]}`);
  }
  const current = config['current-context'];
  const context = named(config.contexts, current)?.context;
  if (context === undefined) {
    const names = (config.contexts ?? []).map(({ name }) => name).join(', ') || 'none';
    throw say(`its current-context ${current || 'is not set, and'} is none of its contexts: ${names}`);
  }
  const cluster = named(config.clusters, context.cluster)?.cluster;
  const user = named(config.users, context.user)?.user;
  if (!cluster?.server) throw say(`the context ${current} names no cluster with a server`);
  if (user === undefined) throw say(`the context ${current} names no user`);
  refuseUnknown(file, 'cluster', cluster);
  refuseUnknown(file, 'user', user);
  const text = (part, name) => {
    if (part[`${name}-data`]) return Buffer.from(part[`${name}-data`], 'base64').toString('utf8');
    if (!part[name]) return undefined;
    try {
      return read(resolve(dirname(file), part[name]));
    } catch (error) {
      throw say(`the file of ${name} cannot be read: ${error.message}`);
    }
  };
  const token = user.token || text(user, 'tokenFile')?.trim();
  const found = {
    url: cluster.server.replace(/\/$/, ''),
    ca: text(cluster, 'certificate-authority'),
    cert: text(user, 'client-certificate'),
    key: text(user, 'client-key'),
    token: token || undefined,
  };
  if (found.token === undefined && (found.cert === undefined || found.key === undefined))
    throw say(`the user ${context.user} has neither a token nor a client certificate with its key`);
  return found;
};

/** The file that KUBECONFIG names; undefined when it names none. */
export const givenFile = (env = process.env) => {
  const files = (env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  if (files.length > 1)
    throw new SetupError(`KUBECONFIG names ${files.length} files: the tests take one (${files[0]}?).`);
  return files[0];
};
