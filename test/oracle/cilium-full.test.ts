import {
  api, apiServerOutside, ccnp, check, checkRefusals, cnp, controlPlane, db, dns, flow, localNode, named, outside, packet, ping, remoteApi, remoteNode,
  request, web, world,
} from './fixtures';
import { Flow, judge, JudgeOptions, Verdict } from './index';

/** What lies beyond pods, ports and addresses: requests, server names, nodes, clusters, cloud groups, protocols without ports. */

const ingress = (item: object): any => cnp({ ingress: [item] });
const egress = (...items: object[]): any => cnp({ egress: items });
const http = (...rules: object[]): any => ingress({ toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }], rules: { http: rules } }] });
const unknown: Partial<Verdict> = { allowed: true, l7: true };
const verdict = (manifests: any[], each: Flow, options?: JudgeOptions) => judge('cilium', manifests, world, each, options);

describe('HTTP requests', () => {
  const get = (path: string, other = {}) => request(web, api, path, other);
  const team = { headers: { 'X-Team': 'red' } };
  check('cilium', [
    ['a path must match in full', [http({ path: '/public' })], get('/public'), true],
    ['a path is not a prefix', [http({ path: '/public' })], get('/public/x'), false],
    ['a path is a regular expression', [http({ path: '/public/.*' })], get('/public/x'), true],
    ['a path has its query', [http({ path: '/public' })], get('/public?x=1'), false],
    ['a path may allow for a query', [http({ path: '/public(\\?.*)?' })], get('/public?x=1'), true],
    ['a method must match', [http({ method: 'GET' })], get('/'), true],
    ['a method must match in full', [http({ method: 'GE' })], get('/'), false],
    ['a host has its port', [http({ host: 'api\\.shop' })], get('/', { host: 'api.shop:8080' }), false],
    ['a host may be compared without regard to case', [http({ host: '(?i:api\\.shop)(:[0-9]+)?' })], get('/', { host: 'API.shop:8080' }), true],
    ['everything of a rule must match', [http({ method: 'GET', path: '/a' })], get('/b'), false],
    ['rules are alternatives', [http({ path: '/a' }, { path: '/b' })], get('/b'), true],
    ['an empty rule is every request', [http({})], get('/b'), true],
    ['a header must be there', [http({ headers: ['x-team'] })], get('/', team), true],
    ['a header that is not there does not match', [http({ headers: ['x-team'] })], get('/'), false],
    ['a header has a value after a colon', [http({ headers: ['X-Team: red'] })], get('/', team), true],
    ['a header has a value after a space', [http({ headers: ['X-Team red'] })], get('/', team), true],
    ['a header of another value does not match', [http({ headers: ['X-Team: blue'] })], get('/', team), false],
    ['a header without a space is a name, colon or not', [http({ headers: ['X-Team:red'] })], get('/', team), false],
    ['headerMatches compares values', [http({ headerMatches: [{ name: 'x-team', value: 'red' }] })], get('/', team), true],
    ['headerMatches denies other values', [http({ headerMatches: [{ name: 'x-team', value: 'blue' }] })], get('/', team), false],
    ['headerMatches without a value is presence', [http({ headerMatches: [{ name: 'x-team' }] })], get('/'), false],
    ['headerMatches with a mismatch lets the request through', [http({ headerMatches: [{ name: 'x-team', value: 'blue', mismatch: 'LOG' }] })], get('/'), true],
    ['a rule of a port adds up with a port alone', [http({ path: '/a' }), ingress({ toPorts: [{ ports: [{ port: '8080' }] }] })], get('/b'), true],
    ['a rule of a port adds up with its peer alone', [http({ path: '/a' }), ingress({ fromEndpoints: [{}] })], get('/b'), true],
    ['a deny of the port denies the request', [http({ path: '/a' }), cnp({ ingressDeny: [{ toPorts: [{ ports: [{ port: '8080' }] }] }] })], get('/a'), false],
    ['without default deny a rule restricts nothing', [cnp({ ...http({ path: '/a' }).spec, enableDefaultDeny: { ingress: false } })], get('/b'), true],
    ['beside a policy that isolates it does',
      [cnp({ ...http({ path: '/a' }).spec, enableDefaultDeny: { ingress: false } }), ingress({})], get('/b'), false],
  ]);

  test('what no request is stated for may pass or not', () => {
    expect(verdict([http({ path: '/a' })], flow(web, api))).toMatchObject(unknown);
    expect(verdict([http({ headerMatches: [{ name: 'x-team', value: 'blue', mismatch: 'LOG' }] })], flow(web, api))).not.toHaveProperty('l7');
    expect(verdict([http({})], flow(web, api))).not.toHaveProperty('l7');
  });

  test('a header whose value is a secret may pass or not, and does not where it is not there', () => {
    const secret = [http({ headerMatches: [{ name: 'x-team', secret: { name: 'token' } }] })];
    expect(verdict(secret, get('/', team))).toMatchObject(unknown);
    expect(verdict(secret, get('/'))).toMatchObject({ allowed: false });
  });

  test('requests of Kafka may pass or not, where the version has it', () => {
    const kafka = [ingress({ toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }], rules: { kafka: [{ topic: 'orders' }] } }] })];
    expect(verdict(kafka, flow(web, api), { version: '1.19' })).toMatchObject(unknown);
    expect(() => verdict(kafka, flow(web, api), { version: '1.20' })).toThrow(/unknown field 'kafka'/);
  });
});

describe('server names', () => {
  const names = (...serverNames: string[]) => egress({ toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames }] });
  const to = (serverName: string): Flow => ({ ...flow(web, outside, 'TCP', 443), serverName });
  check('cilium', [
    ['the name passes', [names('a.example.com')], to('a.example.com'), true],
    ['another name does not', [names('a.example.com')], to('b.example.com'), false],
    ['names are alternatives', [names('a.example.com', 'b.example.com')], to('b.example.com'), true],
    ['a star is one label', [names('*.example.com')], to('b.example.com'), true],
    ['a star is not two labels', [names('*.example.com')], to('a.b.example.com'), false],
    ['two stars are many labels', [names('**.example.com')], to('a.b.example.com'), true],
    ['two stars are many labels in 1.18 too', [names('**.example.com')], to('a.b.example.com'), true, { version: '1.18' }],
    ['a star may be anywhere since 1.20', [names('a*.example.com')], to('ab.example.com'), true],
  ]);

  test('what asks for no name that is known may pass or not', () => {
    expect(verdict([names('a.example.com')], flow(web, outside, 'TCP', 443))).toMatchObject(unknown);
  });

  test('a name and a request must both pass', () => {
    const terminatingTLS = { secret: { name: 'cert' } };
    const rule = { ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['a.test'], terminatingTLS, rules: { http: [{ path: '/a' }] } };
    const asks = (path: string, serverName: string) =>
      verdict([egress({ toPorts: [rule] })], { ...request(web, outside, path), port: 443, serverName }).allowed;
    expect([asks('/a', 'a.test'), asks('/b', 'a.test'), asks('/a', 'b.test')]).toEqual([true, false, false]);
  });
});

describe('DNS questions', () => {
  const open = cnp({ enableDefaultDeny: { egress: false }, egress: [{ toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchName: 'a.test' }] } }] }] });
  const isolated = egress({ toFQDNs: [{ matchName: 'b.test' }] });
  check('cilium', [
    ['without default deny every question passes', [open], { ...flow(web, dns, 'UDP', 53), dnsQuery: 'b.test' }, true],
    ['beside a policy that isolates only the stated ones pass', [open, egress({})], { ...flow(web, dns, 'UDP', 53), dnsQuery: 'b.test' }, false],
    ['and only their answers are learned', [open, isolated], flow(web, named('b.test')), false],
  ]);
});

describe('nodes', () => {
  const features = { nodeSelectorLabels: true };
  const zone = { matchLabels: { zone: 'a' } };
  check('cilium', [
    ['nodes are found by label', [egress({ toNodes: [zone] })], flow(web, controlPlane), true, { features }],
    ['nodes without the label are not', [egress({ toNodes: [zone] })], flow(web, remoteNode), false, { features }],
    ['the local node is not', [egress({ toNodes: [{}] })], flow(web, { ...controlPlane, node: 'local' } as typeof localNode), false, { features }],
    ['nobody outside is', [egress({ toNodes: [{}] })], flow(web, outside), false, { features }],
    ['no pod is', [egress({ toNodes: [{}] })], flow(web, db), false, { features }],
    ['labels may be of the source of nodes', [egress({ toNodes: [{ matchLabels: { 'node:zone': 'a' } }] })], flow(web, controlPlane), true, { features }],
    ['labels are of no other source', [egress({ toNodes: [{ matchLabels: { 'k8s:zone': 'a' } }] })], flow(web, controlPlane), false, { features }],
  ]);
});

describe('the host firewall', () => {
  const options: JudgeOptions = { features: { hostFirewall: true } };
  const host = (rule: object) => ccnp({ endpointSelector: undefined, nodeSelector: { matchLabels: { zone: 'a' } }, ...rule });
  const isolated = host({ ingress: [{ fromEntities: ['cluster'] }] });
  check('cilium', [
    ['is off by default', [isolated], flow(outside, controlPlane), true],
    ['isolates the nodes that it selects', [isolated], flow(outside, controlPlane), false, options],
    ['leaves the others open', [isolated], flow(outside, remoteNode), true, options],
    ['lets in whom it names', [isolated], flow(web, controlPlane), true, options],
    ['isolates no pod', [isolated], flow(outside, web), true, options],
    ['denies', [host({ enableDefaultDeny: { ingress: false }, ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }] })], flow(web, controlPlane), false, options],
    ['is not subject to policies of pods', [ccnp({ ingress: [{}] })], flow(outside, controlPlane), true, options],
  ]);
});

describe('clusters of a mesh', () => {
  const from = (selector: object) => ingress({ fromEndpoints: [selector] });
  const inCluster = (cluster: string) => ({ matchLabels: { 'io.cilium.k8s.policy.cluster': cluster } });
  check('cilium', [
    ['a selector is of the own cluster', [from({})], flow(remoteApi, web), false],
    ['a selector was of every cluster before 1.19', [from({})], flow(remoteApi, web), true, { version: '1.18' }],
    ['another cluster can be named', [from(inCluster('mars'))], flow(remoteApi, web), true],
    ['a cluster that is named is not the own one', [from(inCluster('mars'))], flow(api, web), false],
    ['any cluster can be meant', [from({ matchExpressions: [{ key: 'io.cilium.k8s.policy.cluster', operator: 'Exists' }] })], flow(remoteApi, web), true],
    ['the entity cluster is the own one', [ingress({ fromEntities: ['cluster'] })], flow(remoteApi, web), false],
    ['the entity cluster-mesh is all of them', [ingress({ fromEntities: ['cluster-mesh'] })], flow(remoteApi, web), true],
    ['the entity all is all of them', [ingress({ fromEntities: ['all'] })], flow(remoteApi, web), true],
    ['the entity world is none', [ingress({ fromEntities: ['world'] })], flow(remoteApi, web), false],
    ['a policy is about the own cluster only', [ingress({})], flow(web, remoteApi), true],
  ]);

  test('the own cluster has a name', () => {
    const asked = (cluster: string) => judge('cilium', [from(inCluster(cluster))], { ...world, clusterName: 'earth' }, flow(api, web)).allowed;
    expect([asked('earth'), asked('default'), asked('mars')]).toEqual([true, false, false]);
  });
});

describe('cloud groups', () => {
  const group = { aws: { securityGroupsIds: ['sg-1'] } };
  test('may hold any address outside, and nobody of the cluster', () => {
    expect(verdict([egress({ toGroups: [group] })], flow(web, outside))).toMatchObject(unknown);
    expect(verdict([egress({ toGroups: [group] })], flow(web, db)).allowed).toBe(false);
    expect(verdict([egress({ toGroups: [group] }, { toEntities: ['world'] })], flow(web, outside))).toEqual({ allowed: true, egress: true, ingress: true });
  });
  test('that are denied leave the answer open', () => {
    expect(verdict([cnp({ enableDefaultDeny: { egress: false }, egressDeny: [{ toGroups: [group] }] })], flow(web, outside))).toMatchObject(unknown);
    expect(verdict([cnp({ egress: [{ toEntities: ['cluster'] }], egressDeny: [{ toGroups: [group] }] })], flow(web, outside)).allowed).toBe(false);
  });
});

describe('protocols without ports', () => {
  const features = { extendedProtocols: true };
  const onProtocol = (entry: object) => ingress({ toPorts: [{ ports: [entry] }] });
  check('cilium', [
    ['one is named', [onProtocol({ protocol: 'GRE' })], packet(web, api, 'GRE'), true, { features }],
    ['one is named with port 0', [onProtocol({ port: '0', protocol: 'VRRP' })], packet(web, api, 'VRRP'), true, { features }],
    ['another is not', [onProtocol({ protocol: 'GRE' })], packet(web, api, 'ESP'), false, { features }],
    ['ANY is none of them', [onProtocol({ port: '0' })], packet(web, api, 'GRE'), false, { features }],
    ['ANY without a port is every port', [onProtocol({ protocol: 'ANY' })], flow(web, api), true, { features }],
    ['peers alone are every protocol', [ingress({ fromEndpoints: [{}] })], packet(web, api, 'GRE'), true],
    ['icmps are none of them', [ingress({ icmps: [{ fields: [{ type: 8 }] }] })], packet(web, api, 'IGMP'), false],
    ['and ping is none of them', [onProtocol({ protocol: 'GRE' })], ping(web, api), false, { features }],
  ]);
});

test('one side can be asked alone', () => {
  const both = [egress({}), http({ path: '/a' })];
  expect(verdict(both, flow(web, api), { onlySide: 'egress' })).toEqual({ allowed: false, egress: false, ingress: true });
  expect(verdict(both, flow(web, api), { onlySide: 'ingress' })).toEqual({ allowed: true, egress: true, ingress: true, l7: true });
});

test('the API server outside is found by address and by entity', () => {
  expect([egress({ toEntities: ['kube-apiserver'] }), egress({ toCIDR: ['203.0.113.0/24'] })].map((policy) => verdict([policy], flow(web, apiServerOutside)).allowed))
    .toEqual([true, true]);
});

describe('refusals', () => {
  const rule = (each: object) => egress({ toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], ...each }] });
  const listener = (each: object) => ({ listener: { name: 'x', envoyConfig: { name: 'y' }, ...each } });
  const extended = { features: { extendedProtocols: true } };
  checkRefusals('cilium', [
    ['nodes where their labels are off', [egress({ toNodes: [{}] })], /node-selector-labels/],
    ['a group of another cloud', [egress({ toGroups: [{ gcp: {} }] })], /unknown field 'gcp'/],
    ['an extended protocol where they are off', [rule({ ports: [{ protocol: 'GRE' }] })], /extended-ip-protocols/],
    ['an extended protocol with a port', [rule({ ports: [{ port: '1', protocol: 'GRE' }] })], /has no ports/, extended],
    ['an extended protocol before its version', [rule({ ports: [{ protocol: 'GRE' }] })], /no protocol/, { ...extended, version: '1.19' }],
    ['a port without a port before 1.19', [rule({ ports: [{ protocol: 'TCP' }] })], /a port is a string/, { ...extended, version: '1.18' }],
    ['a star inside a server name before 1.20', [rule({ serverNames: ['a*.b'] })], /no server names/, { version: '1.19' }],
    ['a server name twice', [rule({ serverNames: ['a.b', 'a.b'] })], /is a set/],
    ['a TLS context without a secret', [rule({ terminatingTLS: {} })], /must be an object/],
    ['a TLS context without the name of its secret', [rule({ originatingTLS: { secret: {} } })], /needs the name of a secret/],
    ['a listener without a configuration', [rule({ listener: { name: 'x', envoyConfig: {} } })], /need names/],
    ['a listener of no priority', [rule(listener({ priority: 101 }))], /no priority/],
    ['a listener of a namespace in a clusterwide policy',
      [ccnp({ egress: [{ toPorts: [{ ports: [{ port: '1' }], ...listener({ envoyConfig: { name: 'y', kind: 'CiliumEnvoyConfig' } }) }] }] })], /namespaced listener/],
    ['a listener beside L7 rules', [rule({ ...listener({}), rules: { http: [{}] } })], /not allowed with L7/],
    ['a header of a secret without a name', [rule({ rules: { http: [{ headerMatches: [{ name: 'x', secret: {} }] }] } })], /a secret needs a name/],
    ['a path that only backtracking could match', [rule({ rules: { http: [{ path: '(a)\\1' }] } })], /not a regular expression/],
    ['HTTP for nodes', [ccnp({ endpointSelector: undefined, nodeSelector: {}, egress: [{ toPorts: [{ ports: [{ port: '1', protocol: 'TCP' }], rules: { http: [{}] } }] }] })],
      /host policies do not support/],
    ['L7 rules at the ingress of nodes',
      [ccnp({ endpointSelector: undefined, nodeSelector: {}, ingress: [{ toPorts: [{ ports: [{ port: '1', protocol: 'TCP' }], rules: { http: [{}] } }] }] })], /on ingress/],
    ['two protocols of layer 7 before 1.20', [rule({ rules: { kafka: [], l7proto: 'x' } })], /exactly one of/, { version: '1.18' }],
    ['a group without addresses', [{ apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'g' }, spec: {} }], /needs externalCIDRs/],
    ['a group with a bare address', [{ apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'g' }, spec: { externalCIDRs: ['1.2.3.4'] } }], /no CIDR/],
    ['a log entry that is too long', [cnp({ ingress: [{}], log: { value: 'x'.repeat(33) } })], /at most 32/],
    ['an exception of the same length is none since 1.20', [egress({ toCIDRSet: [{ cidr: '10.1.0.0/16', except: ['10.1.0.0/8'] }] })], /does not contain/],
  ]);

  test('server names without default deny: what they do is not written down', () => {
    const toPorts = [{ ports: [{ port: '8080', protocol: 'TCP' }], serverNames: ['a.b'] }];
    const open = cnp({ enableDefaultDeny: { egress: false }, egress: [{ toPorts }] });
    expect(() => verdict([open, egress({})], flow(web, api))).toThrow(/does not know what they do/);
  });

  test('an exception is held against its address only before 1.20', () => {
    const policy = egress({ toCIDRSet: [{ cidr: '10.1.0.0/16', except: ['10.1.0.0/8'] }] });
    expect(() => verdict([policy], flow(web, api), { version: '1.19' })).not.toThrow();
  });
});
