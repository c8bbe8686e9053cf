import { Chart } from 'cdk8s';
import { Cni, HttpRequestMatch, Namespaces, NetworkPolicy, Peer, Port, Workload } from '../../src';
import { Flow, Pod, Request } from '../oracle';
import { api, db, flow, outside, web, world } from '../oracle/fixtures';
import { allowed, ClusterName, deployment, expectFlows, Manifest, Program, sound, synthesize } from '../support/apps';

const RANGES = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const CILIUM = RANGES;
const CALICO = { ...RANGES, cni: Cni.calico('3.30', { applicationLayerPolicy: true }) };

const request = (method: string, path: string, more: Partial<Request> = {}, source: Pod = web, destination: Pod = api): Flow =>
  ({ ...flow(source, destination), http: { method, path, host: 'api.shop', ...more } });

const workloads = (chart: Chart) => ({ source: Workload.of(deployment(chart, 'web')), destination: Workload.of(deployment(chart, 'api')) });
const edge = (...requests: HttpRequestMatch[]): Program => ({ chart }) => {
  const { source, destination } = workloads(chart);
  source.connections.allowTo(destination, Port.tcp(8080).http(...requests));
};
const USERS: HttpRequestMatch = { method: 'GET', path: '/api/v1/users' };

describe.each<[ClusterName, object]>([['cilium', CILIUM], ['calico', CALICO]])('on %s', (cluster, facts) => {
  test('a request that is stated passes, and no other', () => {
    const manifests = sound(cluster, edge(USERS), facts);
    expect(manifests).toMatchSnapshot();
    expectFlows(cluster, manifests, {
      'the request': request('GET', '/api/v1/users'),
      'with a query': request('GET', '/api/v1/users?page=2'),
    }, {
      'another method': request('DELETE', '/api/v1/users'),
      'another path': request('GET', '/admin'),
      'what begins alike': request('GET', '/api/v1/users/1'),
      'what ends alike': request('GET', '/x/api/v1/users'),
      'another source': request('GET', '/api/v1/users', {}, db),
    });
  });

  test('a prefix is the text with which paths begin', () => {
    expectFlows(cluster, sound(cluster, edge({ pathPrefix: '/api/' }), facts),
      { below: request('POST', '/api/users'), deeper: request('GET', '/api/v1/users?x=1') },
      { other: request('GET', '/apis'), inside: request('GET', '/v1/api/users') });
  });

  test('several requests are alternatives, in one statement and in two', () => {
    const pass = { one: request('GET', '/a'), other: request('POST', '/b') };
    const stop = { mixed: request('GET', '/b'), third: request('PUT', '/a') };
    const [one, other]: HttpRequestMatch[] = [{ method: 'GET', path: '/a' }, { method: 'POST', path: '/b' }];
    expectFlows(cluster, sound(cluster, edge(one, other), facts), pass, stop);
    expectFlows(cluster, sound(cluster, ({ chart }) => {
      const { source, destination } = workloads(chart);
      source.connections.allowTo(destination, Port.tcp(8080).http(one));
      destination.connections.allowFrom(source, Port.tcp(8080).http(other));
    }, facts), pass, stop);
  });

  test('the conditions stand at the destination only', () => {
    const manifests = sound(cluster, edge(USERS), facts);
    const at = (name: string) => manifests.find(({ metadata }) => metadata.name === name);
    expect(JSON.stringify(at('web'))).not.toContain('http');
    expect(JSON.stringify(at('api'))).toContain('http');
    expect(manifests).toEqual(sound(cluster, ({ chart }) => {
      const { source, destination } = workloads(chart);
      destination.connections.allowFrom(source, Port.tcp(8080).http(USERS));
    }, facts).reverse());
  });

  test('a port without conditions stays as it is', () => {
    const manifests = sound(cluster, ({ chart }) => {
      const { source, destination } = workloads(chart);
      source.connections.allowTo(destination, Port.oneOf(Port.tcp(9000), Port.tcp(8080).http(USERS)));
    }, facts);
    expectFlows(cluster, manifests, { plain: flow(web, api, 'TCP', 9000), request: request('GET', '/api/v1/users') }, { other: request('GET', '/x') });
  });
});

describe('on cilium', () => {
  test('hosts, headers and patterns', () => {
    const manifests = sound('cilium', edge(
      { host: 'api.example.com', headers: { 'X-Tenant': 'red' } }, { host: '*.example.org' }, { pathPattern: '/users/[0-9]+' },
    ), CILIUM);
    expect(manifests).toMatchSnapshot();
    expectFlows('cilium', manifests, {
      'host and header': request('GET', '/x', { host: 'api.example.com', headers: { 'x-tenant': 'red' } }),
      'a host with its port': request('GET', '/x', { host: 'api.example.com:8080', headers: { 'x-tenant': 'red' } }),
      'a host below': request('GET', '/x', { host: 'a.example.org' }),
      'the pattern': request('GET', '/users/17'),
    }, {
      'the host without the header': request('GET', '/x', { host: 'api.example.com' }),
      'another value': request('GET', '/x', { host: 'api.example.com', headers: { 'x-tenant': 'blue' } }),
      'the domain itself': request('GET', '/x', { host: 'example.org' }),
      'a dot is a dot': request('GET', '/x', { host: 'apiXexample.com', headers: { 'x-tenant': 'red' } }),
      'more than the pattern': request('GET', '/users/17/orders'),
    });
  });

  test('where the other end is not of this app, conditions stand at egress', () => {
    const manifests = sound('cilium', ({ chart }) => {
      const source = Workload.of(deployment(chart, 'web'));
      source.connections.allowTo(Peer.pods({ labels: { app: 'api' } }), Port.tcp(8080).http(USERS));
      source.connections.allowTo(Workload.external(chart, { labels: { app: 'db' }, namespace: 'data' }), Port.tcp(8080).http({ path: '/db' }));
    }, CILIUM);
    expect(manifests.map(({ metadata }) => metadata.name)).toEqual(['web']);
    expectFlows('cilium', manifests, { pods: request('GET', '/api/v1/users'), external: request('GET', '/db', {}, web, db) }, {
      other: request('GET', '/x'), mixed: request('GET', '/api/v1/users', {}, web, db),
    });
  });

  test('of several ends each has the conditions where this app can state them', () => {
    const manifests = sound('cilium', ({ chart }) => {
      const { source, destination } = workloads(chart);
      source.connections.allowTo(Peer.oneOf(destination, Peer.pods({ labels: { app: 'db' }, namespaces: Namespaces.named('data') })), Port.tcp(8080).http(USERS));
    }, CILIUM);
    expectFlows('cilium', manifests, { own: request('GET', '/api/v1/users'), other: request('GET', '/api/v1/users', {}, web, db) }, {
      'not the own': request('GET', '/x'), 'not the other': request('GET', '/x', {}, web, db),
    });
    expectFlows('cilium', manifests.filter(({ metadata }: Manifest) => metadata.name === 'web'),
      { 'the port of the own': request('GET', '/x') }, { 'not of the other': request('GET', '/x', {}, web, db) });
  });

  test('a server name is that of the handshake', () => {
    const manifests = sound('cilium', ({ chart }) => {
      Workload.of(deployment(chart, 'web')).connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS.serverNames('api.example.com'));
    }, CILIUM);
    expect(manifests).toMatchSnapshot();
    const to = (serverName: string): Flow => ({ ...flow(web, outside, 'TCP', 443), serverName });
    expectFlows('cilium', manifests, { name: to('api.example.com') }, { other: to('evil.example.com') });
  });
});

describe('what cannot be enforced is refused', () => {
  test.each<[ClusterName, HttpRequestMatch, object, RegExp]>([
    ['kubernetes', USERS, RANGES, /policy shop\/api \(shop\/api\), ingress from Deployment web \(shop\/web\) on TCP 8080 GET \/api\/v1\/users: the kubernetes dialect cannot express this: NetworkPolicy ends at ports/],
    ['calico', { host: 'api.example.com' }, CALICO, /the calico dialect cannot express this/],
    ['calico', { headers: { 'X-Tenant': 'red' } }, CALICO, /the calico dialect cannot express this/],
    ['calico', { pathPattern: '/a.*' }, CALICO, /the calico dialect cannot express this/],
    ['calico', USERS, RANGES, /application layer policy is not stated as switched on/],
  ])('on %s: %j', (cluster, stated, facts, why) => {
    expect(() => synthesize(cluster, edge(stated), facts)).toThrow(why);
  });

  test('on calico at egress', () => {
    expect(() => synthesize('calico', ({ chart }) => {
      Workload.of(deployment(chart, 'web')).connections.allowTo(Peer.pods({ labels: { app: 'api' } }), Port.tcp(8080).http(USERS));
    }, CALICO)).toThrow(/the calico dialect cannot express this/);
  });

  test.each<ClusterName>(['kubernetes', 'calico'])('on %s a server name', cluster => {
    expect(() => synthesize(cluster, ({ chart }) => {
      Workload.of(deployment(chart, 'web')).connections.allowTo(Peer.cidr('203.0.113.0/24'), Port.HTTPS.serverNames('api.example.com'));
    }, RANGES)).toThrow(new RegExp(`the ${cluster} dialect cannot express this: it does not look into TLS handshakes`));
  });
});

describe('a condition that another rule makes moot is an error that names both', () => {
  const port = Port.tcp(8080);
  const moot = (program: Program) => () => synthesize('cilium', program, CILIUM);

  test('of the same source, in one statement', () => {
    expect(moot(({ chart }) => {
      const { source, destination } = workloads(chart);
      source.connections.allowTo(destination, port.http(USERS));
      source.connections.allowTo(destination, port);
    })).toThrow('policy shop/api (shop/api), ingress from Deployment web (shop/web) on TCP 8080 GET /api/v1/users: the condition says nothing, since policies add up and policy shop/api (shop/api), ingress from Deployment web (shop/web) on TCP 8080 allows the same without it; state the condition for both, or leave it out');
  });

  test.each<[string, (chart: Chart, destination: Workload) => void]>([
    ['by a range of ports', (_, destination) => destination.connections.allowFrom(Peer.any(), Port.tcpRange(8000, 9000))],
    ['by all traffic', (_, destination) => destination.connections.allowFrom(Peer.namespaces(Namespaces.same()), Port.all())],
    ['by a policy for every pod', chart => new NetworkPolicy(chart, 'all', { ingress: [{ peers: [Peer.any()], ports: [port] }] })],
    ['by the other alternatives of a peer', (chart, destination) => destination.connections.allowFrom(Peer.oneOf(Peer.monitoring(), Workload.of(deployment(chart, 'web2', { app: 'web' }))), port)],
  ])('%s', (_, also) => {
    expect(moot(({ chart }) => {
      const { source, destination } = workloads(chart);
      source.connections.allowTo(destination, port.http(USERS));
      also(chart, destination);
    })).toThrow(/the condition says nothing/);
  });

  test('in the ports of one rule', () => {
    expect(moot(({ chart }) => {
      const { source, destination } = workloads(chart);
      source.connections.allowTo(destination, Port.oneOf(port.http(USERS), Port.tcpRange(8080, 8081)));
    })).toThrow(/the condition says nothing, since policies add up and the same rule allows the same without it/);
  });

  test.each<[string, (chart: Chart, destination: Workload) => void]>([
    ['a narrower source that may do everything', (_, destination) => destination.connections.allowFrom(Peer.pods({ labels: { app: 'db' } }), port)],
    ['another port', (_, destination) => destination.connections.allowFrom(Peer.any(), Port.tcp(9000))],
    ['another subject', chart => new NetworkPolicy(chart, 'other', { subject: Workload.of(deployment(chart, 'db')), ingress: [{ peers: [Peer.any()], ports: [port] }] })],
    ['a rule of the other direction', (_, destination) => destination.connections.allowTo(Peer.any(), port)],
  ])('and %s does not', (_, also) => {
    expect(moot(({ chart }) => {
      const { destination } = workloads(chart);
      destination.connections.allowFrom(Peer.namespaces(Namespaces.all()), port.http({ pathPrefix: '/public/' }));
      also(chart, destination);
    })).not.toThrow();
  });

  test('what is narrower keeps its own', () => {
    const manifests = sound('cilium', ({ chart }) => {
      const { destination } = workloads(chart);
      destination.connections.allowFrom(Peer.namespaces(Namespaces.all()), port.http({ pathPrefix: '/public/' }));
      destination.connections.allowFrom(Peer.pods({ labels: { app: 'web' } }), port);
    }, CILIUM);
    expectFlows('cilium', manifests, { all: request('GET', '/public/x', {}, db), web: request('GET', '/private') }, { others: request('GET', '/private', {}, db) });
  });
});

describe('a request that is not valid is an error where it is stated', () => {
  const state = (stated: unknown) => () => Port.tcp(8080).http(stated as HttpRequestMatch);

  test.each<[unknown, string]>([
    [{}, 'an HTTP request without conditions would be any request; state one, such as { method: "GET", path: "/api/v1/users" }, or leave http(...) out'],
    [{ headers: {} }, 'an HTTP request without conditions would be any request'],
    [undefined, 'HTTP request undefined is no request; state what may pass'],
    [{ path: '/a', pathPrefix: '/a' }, 'HTTP request: path and pathPrefix are stated together; state one of path, pathPrefix and pathPattern'],
    [{ path: 'api' }, 'HTTP path "api" does not begin with "/"; did you mean "/api"?'],
    [{ pathPrefix: '' }, 'HTTP pathPrefix "" does not begin with "/"; did you mean "/"?'],
    [{ path: '/a?b=1' }, 'HTTP path "/a?b=1" has a "?", a "#", a space or another character that no path has'],
    [{ path: '/a#b' }, 'has a "?", a "#", a space'],
    [{ path: '/a b' }, 'has a "?", a "#", a space'],
    [{ path: '/ä' }, 'another character that no path has'],
    [{ path: '/api/*' }, 'HTTP path "/api/*" has a "*", which would be a character like any other; say pathPrefix for what begins alike, or pathPattern'],
    [{ pathPrefix: '/api/*' }, 'HTTP pathPrefix "/api/*" has a "*"'],
    [{ pathPattern: '(' }, 'HTTP pathPattern "(": "(" is no pattern of RE2'],
    [{ pathPattern: '(?=a)' }, 'is no pattern of RE2'],
    [{ pathPattern: '' }, 'HTTP pathPattern "": it is empty, and would match no path'],
    [{ method: 'get' }, 'HTTP method "get" is not valid; write it in upper-case letters, such as "GET", one in each request'],
    [{ method: 'GET|POST' }, 'HTTP method "GET|POST" is not valid'],
    [{ host: 'https://a.com' }, 'HTTP host "https://a.com" is invalid'],
    [{ host: 'a.com:443' }, 'state it without a scheme or port, such as "api.example.com" or "*.example.com"'],
    [{ host: '*' }, 'HTTP host "*" is invalid'],
    [{ headers: { 'X Y': '1' } }, 'HTTP header "X Y" is not valid; write the name only, such as "X-Api-Key"'],
    [{ headers: { ':path': '/a' } }, 'HTTP header ":path" is not valid'],
    [{ headers: { Host: 'a.com' } }, 'HTTP header "Host" is stated as a header; state it as host'],
    [{ headers: { X: '' } }, 'HTTP header "X": the value "" is not valid; state the exact value, of printable ASCII characters'],
    [{ headers: { X: 'a\nb' } }, 'the value "a\\nb" is not valid'],
    [{ path: 5 }, 'HTTP request: path is 5, which is no text; quote it'],
  ])('%j', (stated, why) => {
    expect(state(stated)).toThrow(why);
  });

  test.each<[string, () => Port, string]>([
    ['no request', () => Port.tcp(80).http(), 'TCP 80: no HTTP requests are stated, which never means all of them; name at least one, or leave http(...) out'],
    ['UDP', () => Port.udp(80).http(USERS), 'UDP 80: http(...) is for TCP on stated ports; say Port.tcp(...), Port.tcpRange(...) or Port.named(...)'],
    ['all traffic', () => Port.all().http(USERS), 'all traffic: http(...) is for TCP on stated ports'],
    ['all TCP', () => Port.allTcp().serverNames('a.com'), 'all TCP: serverNames(...) is for TCP on stated ports'],
    ['DNS, which is UDP too', () => Port.DNS.http(USERS), 'http(...) is for TCP on stated ports'],
    ['twice', () => Port.tcp(80).http(USERS).http(USERS), 'TCP 80 GET /api/v1/users has conditions already; state all of them in one call of http(...), or of serverNames(...)'],
    ['under TLS', () => Port.tcp(443).serverNames('a.com').http(USERS), 'TCP 443 for a.com has conditions already'],
    ['no server name', () => Port.tcp(443).serverNames(), 'TCP 443: no server names are stated, which never means all of them; name at least one, or leave serverNames(...) out'],
    ['a server name that is none', () => Port.tcp(443).serverNames('https://a.com'), 'server name: FQDN "https://a.com" is a URL'],
  ])('%s', (_, make, why) => {
    expect(make).toThrow(why);
  });

  test('a port says what it lets through', () => {
    expect(`${Port.tcp(8080).http(USERS, { pathPrefix: '/public/', host: 'a.com' }, { pathPattern: '/x+', headers: { b: '2', a: '1' } })}`)
      .toBe('TCP 8080 GET /api/v1/users or /public/* host a.com or path like "/x+" header a="1" header b="2"');
    expect(`${Port.tcpRange(1, 2).http({ method: 'GET' })}`).toBe('TCP 1-2 GET');
    expect(`${Port.HTTPS.serverNames('A.com.', '*.b.com')}`).toBe('TCP 443 for a.com, *.b.com');
  });
});

test('a named port can have conditions', () => {
  const manifests = sound('cilium', ({ chart }) => {
    new NetworkPolicy(chart, 'p', { ingress: [{ peers: [Peer.any()], ports: [Port.named('http').http(USERS)] }] });
  }, CILIUM);
  expect(allowed('cilium', manifests, world, request('GET', '/api/v1/users'))).toBe(true);
  expect(allowed('cilium', manifests, world, request('GET', '/x'))).toBe(false);
});
