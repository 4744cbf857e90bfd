import { createServer, type Server } from 'node:http';
import { request } from 'undici';
import { nextLink } from './next-link';
import { OutboundPolicy, type OutboundPolicyOptions } from './outbound-policy';
import { targetClassOf } from './target-class';

describe('targetClassOf', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['127.0.0.1', 'loopback'],
    ['127.9.9.9', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.31.255.1', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd00::1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['169.254.169.254', 'link-local'],
    ['fe80::1', 'link-local'],
    ['0.0.0.0', 'reserved'],
    ['64:ff9b::7f00:1', 'reserved'],
    ['2002:7f00:1::', 'reserved'],
    ['224.0.0.1', 'reserved'],
    ['no address', 'reserved'],
  ])('%s is %s', (address, expected) => {
    expect(targetClassOf(address)).toBe(expected);
  });
});

describe('nextLink', () => {
  const base = 'https://erp.example/svc/Set?$skiptoken=1';

  it.each([
    ['/svc/Set?$skiptoken=2', 'https://erp.example/svc/Set?$skiptoken=2'],
    ['Set?$skiptoken=2', 'https://erp.example/svc/Set?$skiptoken=2'],
    ['https://erp.example:443/svc/Set?p=2', 'https://erp.example/svc/Set?p=2'],
  ])('follows %s', (link, expected) => {
    expect(nextLink(base, link)).toEqual({ ok: true, value: expected });
  });

  it.each([
    'https://evil.example/svc/Set',
    '//evil.example/svc',
    'http://erp.example/svc/Set',
    'https://erp.example:8443/svc',
    'https://erp.example@evil.example/',
    'javascript:alert(1)',
    'https://',
  ])('refuses %s', (link) => {
    expect(nextLink(base, link).ok).toBe(false);
  });
});

describe('OutboundPolicy', () => {
  const resolving = (...addresses: string[]): OutboundPolicyOptions => ({
    resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  });

  it.each<[string, OutboundPolicyOptions, string]>([
    ['a loopback name', resolving('127.0.0.1'), 'http://inside.example/'],
    ['a name with one private address of two', resolving('8.8.8.8', '10.0.0.1'), 'http://inside.example/'],
    ['an address written out', {}, 'http://169.254.169.254/latest'],
    ['an IPv6 address written out', {}, 'http://[::1]:8080/'],
    ['a decimal address', {}, 'http://2130706433/'],
    ['another scheme', {}, 'file:///etc/passwd'],
    ['plain http where https is needed', { ...resolving('8.8.8.8'), httpsOnly: true }, 'http://a.example/'],
    ['credentials in the address', resolving('8.8.8.8'), 'https://user:pass@a.example/'],
    ['a name without address', resolving(), 'https://a.example/'],
    ['text that is no address', {}, 'somewhere'],
  ])('refuses %s', async (_name, options, url) => {
    expect((await new OutboundPolicy(options).check(url)).ok).toBe(false);
  });

  it.each<[string, OutboundPolicyOptions, string]>([
    ['a public name', resolving('8.8.8.8'), 'https://a.example/'],
    ['an allowed class', { allow: ['loopback'] }, 'http://127.0.0.1:8080/'],
    [
      'an allowed host',
      { ...resolving('10.0.0.1'), allowHosts: ['erp.corp.example'] },
      'https://ERP.corp.example/',
    ],
  ])('lets %s pass', async (_name, options, url) => {
    expect((await new OutboundPolicy(options).check(url)).ok).toBe(true);
  });

  describe('on real connections', () => {
    let server: Server;
    let port = 0;
    beforeAll(async () => {
      server = createServer((_request, response) => response.end('reached'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      port = typeof address === 'object' && address !== null ? address.port : 0;
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    const get = async (policy: OutboundPolicy, host: string): Promise<string> => {
      const dispatcher = policy.agent();
      try {
        return await (await request(`http://${host}:${port}/`, { dispatcher })).body.text();
      } finally {
        await dispatcher.destroy();
      }
    };

    it('a name that turns to loopback after it was checked is refused when it is connected', async () => {
      const answers = ['8.8.8.8', '127.0.0.1'];
      const policy = new OutboundPolicy({
        resolve: async () => [{ address: answers.shift() ?? '127.0.0.1', family: 4 }],
      });
      expect((await policy.check('http://rebind.example/')).ok).toBe(true);
      await expect(get(policy, 'rebind.example')).rejects.toThrow('loopback');
    });

    it('the connection goes to the address that was resolved, asked for once', async () => {
      let asked = 0;
      const policy = new OutboundPolicy({
        allow: ['loopback'],
        resolve: async () => {
          asked += 1;
          return [{ address: '127.0.0.1', family: 4 }];
        },
      });
      expect(await get(policy, 'named.example')).toBe('reached');
      expect(asked).toBe(1);
    });

    it('an address written out is refused as well', async () => {
      await expect(get(new OutboundPolicy(), '127.0.0.1')).rejects.toThrow('loopback');
    });
  });
});
