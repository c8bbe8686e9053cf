import { api, check, checkRefusals, controlPlane, flow, gateway, gnp, np, outside, packet, remoteNode, request, tier, web, world } from './fixtures';
import { Flow, judge, JudgeOptions } from './index';

/** What lies beyond pods, ports and addresses: requests, host endpoints, staged kinds, the tiers of each version. */

const ingress = (...rules: object[]): any => np({ types: ['Ingress'], ingress: rules });
const verdict = (manifests: any[], each: Flow, options?: JudgeOptions) => judge('calico', manifests, world, each, options);

describe('HTTP requests', () => {
  const http = (match: object, ...more: object[]) => ingress({ action: 'Allow', http: match }, ...more);
  const get = (path: string) => request(web, api, path);
  check('calico', [
    ['a path must match exactly', [http({ paths: [{ exact: '/a' }] })], get('/a'), true],
    ['a path is no prefix unless it says so', [http({ paths: [{ exact: '/a' }] })], get('/a/b'), false],
    ['a prefix is of whole segments', [http({ paths: [{ prefix: '/a' }] })], get('/a/b'), true],
    ['a prefix is the path itself', [http({ paths: [{ prefix: '/a/' }] })], get('/a'), true],
    ['a prefix is no part of a segment', [http({ paths: [{ prefix: '/a' }] })], get('/ab'), false],
    ['a prefix was part of a segment in 3.30', [http({ paths: [{ prefix: '/a' }] })], get('/ab'), true, { version: '3.30' }],
    ['a slash is the prefix of every path', [http({ paths: [{ prefix: '/' }] })], get('/ab'), true],
    ['a slash at the end does not matter', [http({ paths: [{ exact: '/a' }] })], get('/a/'), true],
    ['a star is every method', [http({ methods: ['*'] })], get('/a'), true],
    ['a path is held without its query', [http({ paths: [{ exact: '/a' }] })], get('/a?x#y'), true],
    ['paths are alternatives', [http({ paths: [{ exact: '/a' }, { exact: '/b' }] })], get('/b'), true],
    ['a method must match', [http({ methods: ['PUT', 'POST'] })], get('/a'), false],
    ['methods are alternatives', [http({ methods: ['PUT', 'GET'] })], get('/a'), true],
    ['method and path must both match', [http({ methods: ['PUT'], paths: [{ exact: '/a' }] })], get('/a'), false],
    ['what says nothing is every request', [http({})], get('/a'), true],
    ['a request that does not match goes on to the next rule', [http({ methods: ['PUT'] }, { action: 'Allow' })], get('/a'), true],
    ['a request that matches does not', [http({ methods: ['GET'] }, { action: 'Deny' })], get('/a'), true],
  ]);

  test('what no request is stated for may pass or not', () => {
    expect(verdict([http({ methods: ['PUT'] })], flow(web, api))).toMatchObject({ allowed: true, l7: true });
    expect(verdict([http({})], flow(web, api))).not.toHaveProperty('l7');
  });
});

describe('host endpoints', () => {
  const from = (source: object) => gnp({ namespaceSelector: 'all()', types: ['Ingress'], ingress: [{ action: 'Allow', source }] });
  check('calico', [
    ['are found by their own labels', [from({ selector: 'role == "gateway"' })], flow(gateway, api), true],
    ['not by those of their node', [from({ selector: 'zone == "a"' })], flow(gateway, api), false],
    ['a node without one is not found by label', [from({ selector: 'zone == "a"' })], flow(controlPlane, api), false],
    ['are in no namespace', [from({ selector: 'role == "gateway"', namespaceSelector: 'all()' })], flow(gateway, api), false],
    ['are what is in none', [from({ selector: 'role == "gateway"', namespaceSelector: 'global()' })], flow(gateway, api), true],
    ['are left out by notSelector', [from({ notSelector: 'role == "gateway"' })], flow(gateway, api), false],
    ['are not what a namespaced notSelector lets in', [ingress({ action: 'Allow', source: { notSelector: 'has(nothing)' } })], flow(gateway, api), false],
    ['nor is a node', [ingress({ action: 'Allow', source: { notSelector: 'has(nothing)' } })], flow(remoteNode, api), false],
    ['nor whoever is outside', [ingress({ action: 'Allow', source: { notSelector: 'has(nothing)' } })], flow(outside, api), false],
    ['whoever is outside is what a global notSelector lets in', [from({ notSelector: 'has(nothing)' })], flow(outside, api), true],
  ]);
});

describe('flags of host endpoints', () => {
  const denyAll = (flags: object) => gnp({ types: ['Ingress'], ingress: [{ action: 'Deny' }], ...flags });
  check('calico', [
    ['doNotTrack is not about pods', [denyAll({ doNotTrack: true, applyOnForward: true })], flow(web, api), true],
    ['preDNAT is not about pods', [denyAll({ preDNAT: true, applyOnForward: true })], flow(web, api), true],
    ['applyOnForward changes nothing for pods', [denyAll({ applyOnForward: true })], flow(web, api), false],
    ['policies that are not about pods do not end their tier', [gnp({ types: ['Ingress'], doNotTrack: true, applyOnForward: true }), ingress({ action: 'Allow' })],
      flow(web, api), true],
  ]);
});

describe('staged kinds', () => {
  const staged = (policy: any, more = {}) => ({ ...policy, kind: `Staged${policy.kind}`, spec: { ...policy.spec, ...more } });
  const kubernetes = (spec: object) => ({ apiVersion: 'projectcalico.org/v3', kind: 'StagedKubernetesNetworkPolicy', metadata: { name: 'x', namespace: 'shop' }, spec });
  check('calico', [
    ['a staged deny denies nothing', [staged(ingress({ action: 'Deny' }))], flow(web, api), true],
    ['a staged policy does not end its tier', [staged(gnp({ types: ['Ingress'] }))], flow(web, api), true],
    ['a staged allow opens nothing', [staged(ingress({ action: 'Allow' })), np({ types: ['Ingress'] })], flow(web, api), false],
    ['a staged deletion deletes nothing', [np({ types: ['Ingress'] }, 'x'), { ...np({ stagedAction: 'Delete' }, 'x'), kind: 'StagedNetworkPolicy' }], flow(web, api), false],
    ['a staged NetworkPolicy of Kubernetes isolates nobody', [kubernetes({ podSelector: {}, policyTypes: ['Ingress'] })], flow(web, api), true],
  ]);
  checkRefusals('calico', [
    ['a staged NetworkPolicy of Kubernetes with a tier', [kubernetes({ podSelector: {}, tier: 'default' })], /unknown field 'tier'/],
    ['a staged NetworkPolicy of Kubernetes that deletes and says more', [kubernetes({ podSelector: {}, stagedAction: 'Delete' })], /unknown field 'podSelector'/],
    ['an action that is none', [kubernetes({ podSelector: {}, stagedAction: 'Enforce' })], /no stagedAction/],
  ]);
});

describe('tiers', () => {
  const denyIn = (name: string) => gnp({ tier: name, namespaceSelector: 'all()', types: ['Ingress'], ingress: [{ action: 'Deny' }] }, `${name}.deny`);
  const allowIn = (name: string) => gnp({ tier: name, namespaceSelector: 'all()', types: ['Ingress'], ingress: [{ action: 'Allow' }] }, `${name}.allow`);
  const ours = [tier('netpol-security', 100, 'Pass'), tier('netpol-platform', 200, 'Pass'), tier('netpol-baseline', 2_000_000, 'Pass')];
  check('calico', [
    ['security comes before platform', [...ours, denyIn('netpol-security'), allowIn('netpol-platform')], flow(web, api), false],
    ['platform comes before kube-admin', [...ours, allowIn('netpol-platform'), denyIn('kube-admin')], flow(web, api), true],
    ['kube-admin comes before default', [denyIn('kube-admin'), ingress({ action: 'Allow' })], flow(web, api), false],
    ['default comes before our baseline', [...ours, ingress({ action: 'Allow' }), denyIn('netpol-baseline')], flow(web, api), true],
    ['our baseline comes before kube-baseline', [...ours, allowIn('netpol-baseline'), denyIn('kube-baseline')], flow(web, api), true],
    ['kube-baseline decides where nothing else does', [denyIn('kube-baseline')], flow(web, api), false],
    ['a tier whose default action is Pass drops nothing', [...ours, gnp({ tier: 'netpol-baseline', types: ['Ingress'] }, 'netpol-baseline.x')], flow(web, api), true],
  ]);
  checkRefusals('calico', [
    ['kube-admin before 3.32', [denyIn('kube-admin')], /there is no tier kube-admin/, { version: '3.31' }],
    ['adminnetworkpolicy since 3.32', [denyIn('adminnetworkpolicy')], /there is no tier adminnetworkpolicy/],
  ]);
  test('of AdminNetworkPolicy are there before 3.32', () => {
    expect(verdict([denyIn('adminnetworkpolicy')], flow(web, api), { version: '3.31' }).allowed).toBe(false);
  });
});

describe('policies of one order', () => {
  const deny = (policy: any) => ({ ...policy, spec: { ...policy.spec, types: ['Ingress'], ingress: [{ action: 'Deny' }] } });
  const allow = (policy: any) => ({ ...policy, spec: { ...policy.spec, types: ['Ingress'], ingress: [{ action: 'Allow' }] } });
  check('calico', [
    ['go by their names', [deny(gnp({}, 'b')), allow(gnp({}, 'a'))], flow(web, api), true],
    ['of namespaces go by their names too', [allow(np({}, 'a')), deny(gnp({}, 'b'))], flow(web, api), true],
    ['went by namespace first, before 3.32', [allow(np({}, 'a')), deny(gnp({}, 'b'))], flow(web, api), false, { version: '3.31' }],
    ['went by tier and name where there is no namespace', [deny(gnp({}, 'b')), allow(gnp({}, 'default.a'))], flow(web, api), true, { version: '3.31' }],
  ]);
});

describe('protocols', () => {
  check('calico', [
    ['one without a name has its number', [ingress({ action: 'Allow', protocol: 47 })], packet(web, api, 'GRE'), true],
    ['another does not', [ingress({ action: 'Allow', protocol: 47 })], packet(web, api, 'ESP'), false],
    ['UDPLite has a name', [ingress({ action: 'Allow', protocol: 'UDPLite' })], flow(web, api, 'UDPLite', 53), true],
    ['a protocol that is left out', [ingress({ action: 'Allow', notProtocol: 'TCP' })], packet(web, api, 'VRRP'), true],
  ]);
});

test('one side can be asked alone', () => {
  const both = [np({ types: ['Ingress', 'Egress'], ingress: [{ action: 'Allow' }] })];
  expect(verdict(both, flow(web, api), { onlySide: 'ingress' })).toEqual({ allowed: true, egress: true, ingress: true });
  expect(verdict(both, flow(web, api), { onlySide: 'egress' })).toEqual({ allowed: false, egress: false, ingress: true });
});

describe('refusals', () => {
  const rule = (each: object) => ingress({ action: 'Allow', ...each });
  const ports = Array.from({ length: 51 }, (_, i) => i + 1);
  const nets = Array.from({ length: 257 }, (_, i) => `10.${Math.floor(i / 256)}.${i % 256}.0/24`);
  const long = `app == "${'x'.repeat(1_020)}"`;
  checkRefusals('calico', [
    ['a hint that is none', [np({ types: ['Ingress'], performanceHints: ['Fast'] })], /no performanceHints/],
    ['annotations that are no strings', [rule({ metadata: { annotations: { a: 1 } } })], /annotations are strings/],
    ['metadata that is no annotation', [rule({ metadata: { name: 'x' } })], /unknown field 'name'/],
    ['a flag that is no boolean', [gnp({ types: ['Ingress'], applyOnForward: 'yes' })], /are booleans/],
    ['more than 50 ports since 3.33', [rule({ protocol: 'TCP', destination: { ports } })], /more than 50 ports/],
    ['more than 256 nets since 3.33', [rule({ source: { nets } })], /more than 256 nets/],
    ['a long selector since 3.33', [np({ selector: long, types: ['Ingress'] })], /at most 1024/],
    ['more than 20 methods', [rule({ http: { methods: ports.slice(0, 21).map(String) } })], /more than 20/],
    ['a path with a query', [rule({ http: { paths: [{ prefix: '/a?b' }] } })], /no path/],
  ]);
  test('lists have no bounds before 3.33', () => {
    const policies = [rule({ protocol: 'TCP', destination: { ports } }), rule({ source: { nets } }), np({ selector: long, types: ['Ingress'] })];
    expect(() => verdict(policies, flow(web, api), { version: '3.32' })).not.toThrow();
  });
});
