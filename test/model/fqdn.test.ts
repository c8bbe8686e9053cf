import { fqdnMatches, fqdnProblem, isWildcard } from '../../src/model/fqdn';

describe('fqdnProblem', () => {
  test.each(['api.example.com', 'API.Example.com.', 'a-b_c.example.com', '_dmarc.example.com', '*.example.com', '**.example.com', 'api-*.example.com', 's3.*.amazonaws.com', '1.2.3.4.example.com'])(
    '%s is accepted', name => {
      expect(fqdnProblem(name)).toBeUndefined();
    });

  test.each([
    ['', 'must have 1 to 255 characters'],
    ['a.'.repeat(128), 'must have 1 to 255 characters'],
    ['https://api.example.com', 'is a URL; give only the host'],
    ['api.example.com/v1', 'is a URL; give only the host'],
    ['*', 'is every name; say Peer.internet()'],
    ['localhost', 'has no domain'],
    ['example.', 'has no domain'],
    ['203.0.113.7', 'is an address; say Peer.cidr("203.0.113.7/32")'],
    [`${'a'.repeat(64)}.example.com`, 'has a label of 64 characters'],
    ['a..example.com', 'label "" may have'],
    ['-a.example.com', 'label "-a" may have'],
    ['a b.example.com', 'label "a b" may have'],
    ['api.**.com', '"**" may only be the first label'],
    ['a**.example.com', '"**" may only be the first label'],
    ['example.*', 'leaves the domain open'],
    ['api.example.*', 'leaves the domain open'],
    ['*.*', 'leaves the domain open'],
    ['**.c*m', 'leaves the domain open'],
  ])('%s is an error', (name, message) => {
    expect(fqdnProblem(name)).toContain(message);
  });
});

describe('fqdnMatches', () => {
  test.each([
    ['api.example.com', 'api.example.com', true],
    ['api.example.com', 'API.EXAMPLE.COM.', true],
    ['Api.Example.Com.', 'api.example.com', true],
    ['api.example.com', 'xapi.example.com', false],
    ['api.example.com', 'api.example.com.evil.test', false],
    ['api.example.com', 'apixexample.com', false],
    ['*.example.com', 'api.example.com', true],
    ['*.example.com', 'a.b.example.com', false],
    ['*.example.com', 'example.com', false],
    ['api-*.example.com', 'api-1.example.com', true],
    ['api-*.example.com', 'api-.example.com', true],
    ['api-*.example.com', 'api-1.x.example.com', false],
    ['**.example.com', 'api.example.com', true],
    ['**.example.com', 'a.b.c.example.com', true],
    ['**.example.com', 'example.com', false],
    ['**.example.com', 'evilexample.com', false],
    ['s3.*.amazonaws.com', 's3.eu-west-1.amazonaws.com', true],
    ['*', 'anything.at.all', true],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(fqdnMatches(pattern, name)).toBe(expected);
  });

  test('what is special in a regular expression is not special in a name', () => {
    expect(fqdnMatches('a+b.example.com', 'aab.example.com')).toBe(false);
  });
});

test('a wildcard has a star', () => {
  expect(['*.example.com', 'api.example.com'].map(isWildcard)).toEqual([true, false]);
});

test('a pattern of many wildcards is answered at once', () => {
  expect(fqdnMatches(`${'a*'.repeat(100)}b.example.com`, `${'a'.repeat(200)}.example.com`)).toBe(false);
});
