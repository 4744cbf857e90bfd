import fc from 'fast-check';
import { isShared, platformOf, portsOf, serversIn, srvNameIn, type Platform } from './platform';

const platform = (namespace: string, values: Readonly<Record<string, string>>): Platform =>
  platformOf((key) => values[key], namespace);

describe('the servers in an address', () => {
  it.each<[string, string[]]>([
    ['nats://nats:4222', ['nats.a:4222']],
    ['nats', ['nats.a:4222']],
    ['nats://user:p%40ss@nats.b:4222', ['nats.b:4222']],
    ['tls://one.example.com, tls://two.example.com:443', ['one.example.com:4222', 'two.example.com:443']],
    ['nats://x-nats.b.svc.cluster.local:4222', ['x-nats.b:4222']],
    ['nats://x-nats.b.svc', ['x-nats.b:4222']],
    ['nats://[2001:db8::1]:4333', ['[2001:db8::1]:4333']],
    ['nats://127.0.0.1:4222', ['127.0.0.1:4222']],
    ['mongodb://u:p@h1.example:27017,h2.example/db?replicaSet=rs', ['h1.example:27017', 'h2.example:4222']],
    ['', []],
  ])('%s', (address, servers) => {
    expect(serversIn(address, 'a', 4_222)).toEqual(servers);
  });

  it('carry no credentials, whatever these are', () => {
    fc.assert(
      fc.property(fc.webSegment(), fc.webSegment(), (user, password) => {
        const secret = `${user}:${encodeURIComponent(password)}`;
        expect(serversIn(`nats://${secret.replaceAll(',', '%2C')}@n.b:1`, 'a', 4_222)).toEqual(['n.b:1']);
      }),
    );
  });
});

it.each<[string, Record<string, string>, number[]]>([
  ['unless they say', { MONGODB_URI: 'mongodb://m.x/db', NATS_URL: 'nats://n.x' }, [27_017, 4_222]],
  [
    'as they say',
    { MONGODB_URI: 'mongodb://u:p@m1.x:27018,m2.x:27019/db', NATS_URL: 'tls://n.x:443' },
    [27_018, 27_019, 443],
  ],
  ['as one says of several', { MONGODB_URI: 'mongodb+srv://m.x', NATS_URL: 'a:1,b:1,c' }, [27_017, 1, 4_222]],
  ['while the Secret has only one', { NATS_URL: 'nats://n.x:4333' }, [27_017, 4_333]],
])('servers listen at the usual ports, or %s', (_what, values, ports) => {
  expect(platform('a', values).ports).toEqual(ports);
});

it.each<[string, string | undefined]>([
  [
    'mongodb+srv://u:p%40@Cluster0-pl-0.abc.mongodb.net/db?retryWrites=true',
    '_mongodb._tcp.cluster0-pl-0.abc.mongodb.net',
  ],
  ['mongodb+srv://m.x', '_mongodb._tcp.m.x'],
  ['mongodb+srv://m.x/?tls=true&srvServiceName=other', '_other._tcp.m.x'],
  ['mongodb://m.x:27018/?srvServiceName=other', undefined],
  ['', undefined],
])('where the members of %s are is asked for by %s', (address, name) => {
  expect(srvNameIn(address)).toBe(name);
});

it.each<[string, Record<string, string>, number[] | undefined, number[] | undefined]>([
  [
    'as SRV records say',
    { MONGODB_URI: 'mongodb+srv://m.x', NATS_URL: 'nats://n.x' },
    [1_024, 1_025],
    [1_024, 1_025, 4_222],
  ],
  [
    'at ports that nobody can say now',
    { MONGODB_URI: 'mongodb+srv://m.x', NATS_URL: 'nats://n.x' },
    undefined,
    undefined,
  ],
  [
    'as the address says, whatever records there are',
    { MONGODB_URI: 'mongodb://m.x' },
    [1_024],
    [27_017, 4_222],
  ],
])('databases and brokers listen %s', async (_what, values, found, ports) => {
  expect(await portsOf(platform('a', values), async () => found)).toEqual(ports);
});

describe('two namespaces share', () => {
  const db = (uri: string, name?: string): Record<string, string> => ({
    MONGODB_URI: uri,
    ...(name === undefined ? {} : { CONNECTOR_DATABASE: name }),
  });
  it('and what is kept names no token', () => {
    const { brokers } = platform('a', { NATS_URL: 'nats://s3cret@n.x' });
    expect([...brokers].join()).toMatch(/^[0-9a-f]{8}@n\.x:4222$/);
  });

  it.each<[boolean, string, Record<string, string>, Record<string, string>]>([
    [true, 'one broker of several', { NATS_URL: 'n1.x:1,n2.x:1' }, { NATS_URL: 'nats://n2.x:1' }],
    [false, 'brokers of the same short name', { NATS_URL: 'nats' }, { NATS_URL: 'nats' }],
    [true, 'an account of several brokers', { NATS_URL: 'a:p@n1.x,n2.x' }, { NATS_URL: 'nats://a:p@n2.x' }],
    [true, 'an account by its token', { NATS_URL: 'nats://s3cret@n.x' }, { NATS_URL: 'nats://s3cret@n.x' }],
    [true, 'a broker by its long name', { NATS_URL: 'nats' }, { NATS_URL: 'nats.a.svc.cluster.local' }],
    [false, 'a server, but no account of it', { NATS_URL: 'nats://a:p@n.x' }, { NATS_URL: 'nats://b:p@n.x' }],
    [
      true,
      'an account, whatever the password',
      { NATS_URL: 'nats://a:p@n.x' },
      { NATS_URL: 'nats://a:q@n.x' },
    ],
    [true, 'a database', db('mongodb://m.x/'), db('mongodb://u@m.x:27017/?ssl=true')],
    [false, 'a server, but no database of it', db('mongodb://m.x/', 'one'), db('mongodb://m.x/', 'two')],
    [false, 'nothing that is known', {}, {}],
  ])('%s: %s', (shared, _what, a, b) => {
    expect(isShared(platform('a', a), platform('b', b))).toBe(shared);
    expect(isShared(platform('b', b), platform('a', a))).toBe(shared);
  });
});
