import { ClusterFacts, Cni, Dialect, Monitoring, NetworkPolicy, Peer, Port } from '../../src';
import { End, Flow, Pod } from '../oracle';
import {
  api, apiServerOnNode, apiServerOutside, db, dns, flow, localNode, otherApi, outside, outside6, remoteNode, web, world as fixtures,
} from '../oracle/fixtures';
import { allowed, CLUSTER_NAMES, ClusterName, Manifest, Program, sound, synthesize } from '../support/apps';

const controller: Pod = {
  namespace: 'ingress-nginx',
  name: 'controller',
  labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
  ips: ['10.0.3.1', 'fd00::3:1'],
};
const prometheus: Pod = { namespace: 'monitoring', name: 'prometheus', labels: { 'app.kubernetes.io/name': 'prometheus' }, ips: ['10.0.3.2', 'fd00::3:2'] };
const world = {
  ...fixtures, namespaces: { ...fixtures.namespaces, 'ingress-nginx': {}, 'monitoring': {} }, pods: [...fixtures.pods, controller, prometheus],
};
const FACTS: ClusterFacts = { podCidrs: world.podCidrs, nodeCidrs: world.nodeCidrs };
const NO_FACTS: ClusterFacts = { podCidrs: [], nodeCidrs: [] };

const at = (address: string): End => ({ address });
const ENDS: Record<string, Pod | End> = {
  'a pod': api,
  'a pod of another namespace': db,
  'a pod like it elsewhere': otherApi,
  'DNS': dns,
  'the ingress controller': controller,
  'monitoring': prometheus,
  'another node': remoteNode,
  'the internet': outside,
  'the internet, IPv6': outside6,
  'a private address': at('10.9.9.9'),
  'a second private address': at('172.16.0.1'),
  'a third private address': at('192.168.5.5'),
  'a shared address': at('100.64.0.1'),
  'the metadata service': at('169.254.169.254'),
  'the metadata service of Alibaba': at('100.100.100.200'),
  'multicast': at('224.0.0.1'),
  'a private address, IPv6': at('fd12::1'),
  'a link-local address, IPv6': at('fe80::1'),
  'the metadata service, IPv6': at('fd00:ec2::254'),
};

const policy = (direction: 'ingress' | 'egress', peer: Peer): Program => ({ chart }) => {
  new NetworkPolicy(chart, 'p', { [direction]: [{ peers: [peer], ports: [Port.tcp(8080)] }], dns: false });
};

/** The ends that web may connect to, and those that may connect to web, which must be the same. */
function reachable(cluster: ClusterName, peer: Peer, facts: ClusterFacts = FACTS, ends = ENDS): string[] {
  const passing = (manifests: readonly Manifest[], towards: (end: Pod | End) => Flow) =>
    Object.keys(ends).filter(name => allowed(cluster, manifests, world, towards(ends[name])));
  const [into, outOf] = [(end: Pod | End) => flow(end, web), (end: Pod | End) => flow(web, end)];
  expect(passing([], into)).toEqual(Object.keys(ends));
  const out = passing(sound(cluster, policy('egress', peer), facts), outOf);
  expect(passing(sound(cluster, policy('ingress', peer), facts), into)).toEqual(out);
  return out;
}

const PODS = ['a pod', 'a pod of another namespace', 'a pod like it elsewhere', 'DNS', 'the ingress controller', 'monitoring'];

describe.each(CLUSTER_NAMES)('on %s', cluster => {
  test('any is everything', () => {
    expect(reachable(cluster, Peer.any())).toEqual(Object.keys(ENDS));
  });

  test('the internet is neither pods, nor nodes, nor private addresses, nor metadata, in IPv4 and IPv6', () => {
    expect(reachable(cluster, Peer.internet())).toEqual(['the internet', 'the internet, IPv6']);
    expect(sound(cluster, policy('egress', Peer.internet()), FACTS)).toMatchSnapshot();
  });

  test('the internet is none of these without facts about ranges either', () => {
    expect(reachable(cluster, Peer.internet(), NO_FACTS)).toEqual(['the internet', 'the internet, IPv6']);
  });

  test('the internet is no pod that holds a public address', () => {
    const pods: Pod[] = [{ ...db, ips: ['198.51.100.7', '2001:db9::7'] }, { ...otherApi, ips: ['198.51.100.8', '2001:db9::8'] }];
    const facts = { podCidrs: ['198.51.100.0/24', '2001:db9::/64'], nodeCidrs: world.nodeCidrs };
    const place = { ...world, podCidrs: facts.podCidrs, pods: [{ ...web, ips: ['198.51.100.9', '2001:db9::9'] }, ...pods] };
    const manifests = sound(cluster, policy('egress', Peer.internet()), facts);
    for (const pod of pods) {
      for (const ipVersion of [4, 6] as const) { expect(allowed(cluster, manifests, place, { ...flow(place.pods[0], pod), ipVersion })).toBe(false); }
    }
    expect(allowed(cluster, manifests, place, flow(place.pods[0], outside))).toBe(true);
    expect(allowed(cluster, manifests, place, flow(place.pods[0], outside6))).toBe(true);
  });

  test('a range is of addresses outside, even where it covers pods and nodes', () => {
    expect(reachable(cluster, Peer.cidr('10.0.0.0/8'))).toEqual(['a private address']);
    expect(reachable(cluster, Peer.cidr('192.168.0.0/16'))).toEqual(['a third private address']);
    expect(reachable(cluster, Peer.cidr('fd00::/8'))).toEqual(['a private address, IPv6', 'the metadata service, IPv6']);
    expect(reachable(cluster, Peer.cidr('203.0.113.7/32'))).toEqual(['the internet']);
    expect(reachable(cluster, Peer.cidr('0.0.0.0/0')).filter(name => PODS.includes(name) || name.includes('node') || name.includes('IPv6'))).toEqual([]);
    expect(reachable(cluster, Peer.cidr('0.0.0.0/0'))).toContain('the internet');
  });

  test.each(['10.0.1.0/24', '192.168.0.0/24', world.podCidrs![0]])('a range of nothing but pods or nodes, %s, is nobody outside, and an error', cidr => {
    for (const [direction, end] of [['egress', 'egress to'], ['ingress', 'ingress from']] as const) {
      expect(() => synthesize(cluster, policy(direction, Peer.cidr(cidr)), FACTS)).toThrow(
        `policy shop/shop-p (shop/p), ${end} ${cidr} on TCP 8080: ${cidr}: the ${cluster} dialect cannot express this: the range lies inside the stated ranges of pods, nodes and Services, so that nothing outside has such an address; select pods by labels, those behind a Service too`);
    }
  });

  test('what is excepted is not meant', () => {
    const peer = Peer.cidr('0.0.0.0/0', { except: ['203.0.113.0/24', '172.16.0.0/12', '10.0.0.0/8', '192.168.0.0/16'] });
    expect(reachable(cluster, peer)).toEqual(['a shared address', 'the metadata service', 'the metadata service of Alibaba', 'multicast']);
    expect(sound(cluster, policy('egress', peer), FACTS)).toMatchSnapshot();
  });

  test('symbols are what the facts say', () => {
    expect(reachable(cluster, Peer.ingressController())).toEqual(['the ingress controller']);
    expect(reachable(cluster, Peer.monitoring())).toEqual(['monitoring']);
    expect(reachable(cluster, Peer.dns())).toEqual(['DNS']);
    expect(reachable(cluster, Peer.monitoring(), { ...FACTS, monitoring: Monitoring.prometheus({ namespace: 'data' }) })).toEqual(['a pod of another namespace', 'a pod like it elsewhere']);
  });

  test('pods are those of the own namespace unless another is named', () => {
    expect(reachable(cluster, Peer.pods())).toEqual(['a pod']);
    expect(reachable(cluster, Peer.pods({ labels: { app: 'api' } }))).toEqual(['a pod']);
    expect(reachable(cluster, Peer.pods({ labels: { app: 'nobody' } }))).toEqual([]);
  });

  test('one of several is each of them', () => {
    expect(reachable(cluster, Peer.oneOf(Peer.pods(), Peer.cidr('203.0.113.0/24'), Peer.oneOf(Peer.monitoring(), Peer.dns())))).toEqual(
      ['a pod', 'DNS', 'monitoring', 'the internet']);
    expect(reachable(cluster, Peer.oneOf(Peer.pods(), Peer.any()))).toEqual(Object.keys(ENDS));
  });

  test('the cluster is its pods and nodes', () => {
    expect(reachable(cluster, Peer.cluster())).toEqual([...PODS, 'another node']);
    expect(sound(cluster, policy('ingress', Peer.cluster()), FACTS)).toMatchSnapshot();
  });

  test('the other nodes are no pods and nobody outside', () => {
    expect(reachable(cluster, Peer.remoteNodes())).toEqual(['another node']);
  });

  test('the own node is reached', () => {
    const manifests = sound(cluster, policy('egress', Peer.host()), FACTS);
    expect(allowed(cluster, manifests, world, flow(web, localNode))).toBe(true);
    for (const end of [api, outside]) { expect(allowed(cluster, manifests, world, flow(web, end))).toBe(false); }
    // Without entities every node is meant.
    expect(allowed(cluster, manifests, world, flow(web, remoteNode))).toBe(cluster !== 'cilium');
  });

  test('the API server is reached at the addresses behind its Service, wherever it is', () => {
    const facts = { ...FACTS, apiServerCidrs: ['203.0.113.99/32', '192.168.0.3/32'] };
    expect(reachable(cluster, Peer.kubeApiServer(), facts)).toEqual([]);
    const manifests = sound(cluster, policy('egress', Peer.kubeApiServer()), facts);
    expect(manifests).toMatchSnapshot();
    for (const end of [apiServerOutside, apiServerOnNode]) { expect(allowed(cluster, manifests, world, flow(web, end))).toBe(true); }
    expect(allowed(cluster, manifests, world, flow(web, apiServerOnNode, 'TCP', 22))).toBe(false);
  });
});

describe.each(['kubernetes', 'calico'] as const)('%s matches by address', cluster => {
  test('so a range may mean whoever holds its addresses', () => {
    expect(reachable(cluster, Peer.addresses('10.0.0.0/8'))).toEqual([...PODS, 'a private address']);
    expect(reachable(cluster, Peer.addresses('10.0.0.0/8', { except: ['10.0.0.0/16'] }))).toEqual(['a private address']);
    expect(reachable(cluster, Peer.addresses('192.168.0.0/16'))).toEqual(['another node', 'a third private address']);
  });

  const WIDER = `policy shop/shop-p (shop/p), egress to 10.0.0.0/8 on TCP 8080: 10.0.0.0/8 may hold pods or nodes, which ${cluster} matches by address; state podCidrs and nodeCidrs to leave them out`;
  const private8 = policy('egress', Peer.cidr('10.0.0.0/8'));

  test('so a range that may hold pods is recorded as wider than stated where their ranges are not known', () => {
    const [manifest] = sound(cluster, private8, NO_FACTS);
    expect(manifest.metadata.annotations).toEqual({ 'cdk8s-netpol/wider-than-stated': WIDER });
    expect(allowed(cluster, [manifest], world, flow(web, db))).toBe(true);
    expect(reachable(cluster, Peer.cidr('10.0.0.0/8'), NO_FACTS)).toEqual([...PODS, 'a private address']);
  });

  test('so that is an error where the facts are strict', () => {
    expect(() => synthesize(cluster, private8, { ...NO_FACTS, strict: true })).toThrow(WIDER);
  });

  test('so the ranges of pods alone are not enough', () => {
    const [manifest] = sound(cluster, private8, { podCidrs: world.podCidrs, nodeCidrs: [] });
    expect(manifest.metadata.annotations).toEqual({ 'cdk8s-netpol/wider-than-stated': WIDER });
    expect(allowed(cluster, [manifest], world, flow(web, db))).toBe(false);
  });

  test('and with the facts nothing is wider', () => {
    const [manifest] = sound(cluster, private8, { ...FACTS, strict: true });
    expect(manifest.metadata.annotations).toBeUndefined();
  });

  const WIDER_INTERNET = `policy shop/shop-p (shop/p), egress to internet on TCP 8080: ::/0 may hold pods or nodes, which ${cluster} matches by address; state podCidrs and nodeCidrs to leave them out`;

  test.each(['no ranges', 'the ranges of pods alone'])('so the internet, whose IPv6 half may hold pods, is wider than stated with %s', known => {
    const facts: ClusterFacts = known === 'no ranges' ? NO_FACTS : { ...NO_FACTS, podCidrs: world.podCidrs };
    const [manifest] = sound(cluster, policy('egress', Peer.internet()), facts);
    expect(manifest.metadata.annotations).toEqual({ 'cdk8s-netpol/wider-than-stated': WIDER_INTERNET });
    expect(() => synthesize(cluster, policy('egress', Peer.internet()), { ...facts, strict: true })).toThrow(WIDER_INTERNET);
  });

  test('and with the facts the internet is not wider', () => {
    const [manifest] = sound(cluster, policy('egress', Peer.internet()), { ...FACTS, strict: true });
    expect(manifest.metadata.annotations).toBeUndefined();
  });

  test('so an IPv6 range wider than that of one site is wider than stated, and one of a site is not', () => {
    const strict = { ...NO_FACTS, strict: true };
    for (const cidr of ['2001:db8::/32', '2001:db8::/47']) {
      expect(() => synthesize(cluster, policy('egress', Peer.cidr(cidr)), strict)).toThrow(
        `policy shop/shop-p (shop/p), egress to ${cidr} on TCP 8080: ${cidr} may hold pods or nodes, which ${cluster} matches by address; state podCidrs and nodeCidrs to leave them out`);
    }
    const [manifest] = sound(cluster, policy('egress', Peer.cidr('2001:db8::/48')), strict);
    expect(manifest.metadata.annotations).toBeUndefined();
  });

  test('and a public range is not wider', () => {
    for (const cidr of ['203.0.113.0/24', '2001:db8::/48']) {
      const [manifest] = sound(cluster, policy('egress', Peer.cidr(cidr)), { ...NO_FACTS, strict: true });
      expect(manifest.metadata.annotations).toBeUndefined();
    }
  });

  test.each<[string, () => Peer, string, string]>([
    ['cluster', () => Peer.cluster(), 'cluster', 'nodeCidrs'],
    ['host', () => Peer.host(), 'host', 'nodeCidrs'],
    ['remoteNodes', () => Peer.remoteNodes(), 'remote nodes', 'nodeCidrs'],
    ['kubeApiServer', () => Peer.kubeApiServer(), 'kube-apiserver', 'apiServerCidrs'],
  ])('so Peer.%s() needs a fact', (name, peer, stated, fact) => {
    for (const [direction, end] of [['ingress', 'ingress from'], ['egress', 'egress to']] as const) {
      expect(() => synthesize(cluster, policy(direction, peer()), NO_FACTS)).toThrow(
        `policy shop/shop-p (shop/p), ${end} ${stated} on TCP 8080: Peer.${name}() needs the fact ${fact} in the ${cluster} dialect`);
    }
  });
});

describe('cilium knows who somebody is', () => {
  test('so symbols of nodes need no facts', () => {
    expect(reachable('cilium', Peer.cluster(), NO_FACTS)).toEqual([...PODS, 'another node']);
    expect(reachable('cilium', Peer.remoteNodes(), NO_FACTS)).toEqual(['another node']);
    const manifests = sound('cilium', policy('egress', Peer.kubeApiServer()), NO_FACTS);
    expect(allowed('cilium', manifests, world, flow(web, apiServerOutside))).toBe(true);
    expect(allowed('cilium', manifests, world, flow(web, outside))).toBe(false);
  });

  test('so a range never holds pods, and is never wider than stated', () => {
    expect(reachable('cilium', Peer.cidr('10.0.0.0/8'), { ...NO_FACTS, strict: true })).toEqual(['a private address']);
    for (const peer of [Peer.cidr('10.0.0.0/8'), Peer.internet(), Peer.cidr('2001:db8::/32')]) {
      const [manifest] = sound('cilium', policy('egress', peer), { ...NO_FACTS, strict: true });
      expect(manifest.metadata.annotations).toBeUndefined();
    }
  });

  test('so addresses of anybody cannot be said', () => {
    expect(() => synthesize('cilium', policy('egress', Peer.addresses('10.0.0.0/8')))).toThrow(
      'the cilium dialect cannot express this: Cilium matches address ranges only outside the cluster, never pods or nodes; say Peer.cidr(...) for addresses outside, and select pods by labels');
  });

  test('also where it enforces plain NetworkPolicy', () => {
    const facts = { cni: Cni.cilium('1.18'), dialect: Dialect.KUBERNETES };
    for (const peer of [Peer.addresses('10.0.0.0/8'), Peer.remoteNodes(), Peer.cluster()]) {
      expect(() => synthesize('kubernetes', policy('egress', peer), { ...FACTS, ...facts })).toThrow(
        'the kubernetes dialect cannot express this: this CNI matches address ranges only outside the cluster, never pods');
    }
    const manifests = sound('kubernetes', policy('egress', Peer.cidr('10.0.0.0/8')), { ...NO_FACTS, ...facts, strict: true });
    expect(manifests[0].kind).toBe('NetworkPolicy');
    expect(allowed('cilium', manifests, world, flow(web, at('10.9.9.9')))).toBe(true);
    expect(allowed('cilium', manifests, world, flow(web, db))).toBe(false);
  });
});

describe('mistakes', () => {
  test.each<[string, () => unknown, string]>([
    ['a range without prefix', () => Peer.cidr('203.0.113.7'), '"203.0.113.7" has no prefix length; did you mean "203.0.113.7/32"?'],
    ['an IPv6 range without prefix', () => Peer.cidr('2001:db8::1'), '"2001:db8::1" has no prefix length; did you mean "2001:db8::1/128"?'],
    ['bits beyond the prefix', () => Peer.cidr('10.1.2.3/8'), '"10.1.2.3/8" has bits set beyond /8; did you mean "10.0.0.0/8", or the single address "10.1.2.3/32"?'],
    ['IPv6 bits beyond the prefix', () => Peer.addresses('2001:db8::1/32'), 'has bits set beyond /32'],
    ['a prefix that is too long', () => Peer.cidr('10.0.0.0/33'), '"10.0.0.0/33" is not a CIDR: the prefix length must be a number from 0 to 32'],
    ['an IPv6 prefix that is too long', () => Peer.cidr('::/129'), 'must be a number from 0 to 128'],
    ['two prefixes', () => Peer.cidr('10.0.0.0/8/8'), 'is not a CIDR'],
    ['a number that is too large', () => Peer.cidr('256.0.0.0/8'), '"256.0.0.0" is no IPv4 or IPv6 address'],
    ['leading zeros, which some read as octal', () => Peer.cidr('010.0.0.0/8'), '"010.0.0.0" is no IPv4 or IPv6 address'],
    ['a short address', () => Peer.cidr('10.0/16'), '"10.0" is no IPv4 or IPv6 address'],
    ['IPv4 inside IPv6', () => Peer.cidr('::ffff:10.0.0.0/104'), 'is no IPv4 or IPv6 address'],
    ['a name', () => Peer.cidr('example.com'), '"example.com" is no IPv4 or IPv6 address'],
    ['nothing', () => Peer.addresses(''), '"" is no IPv4 or IPv6 address'],
    ['an exception elsewhere', () => Peer.cidr('10.0.0.0/8', { except: ['11.0.0.0/16'] }), 'except "11.0.0.0/16" is not a part of "10.0.0.0/8"'],
    ['an exception of everything', () => Peer.cidr('10.0.0.0/8', { except: ['10.0.0.0/8'] }), 'except "10.0.0.0/8" is not a part of "10.0.0.0/8"'],
    ['an exception that is larger', () => Peer.addresses('10.0.0.0/8', { except: ['0.0.0.0/0'] }), 'is not a part of'],
    ['an exception of another family', () => Peer.cidr('10.0.0.0/8', { except: ['::/64'] }), 'is not a part of'],
    ['an exception that is no range', () => Peer.cidr('10.0.0.0/8', { except: ['10.0.0.1'] }), '"10.0.0.1" has no prefix length'],
    ['every name', () => Peer.fqdn('*'), 'FQDN "*" is every name; say Peer.internet() for any destination outside'],
    ['a name without domain', () => Peer.fqdn('localhost'), 'FQDN "localhost" has no domain: use at least two labels, such as "api.example.com"'],
    ['a URL', () => Peer.fqdn('https://example.com/x'), 'is a URL; give only the host'],
    ['a path', () => Peer.fqdn('example.com/x'), 'is a URL; give only the host'],
    ['an address', () => Peer.fqdn('203.0.113.7'), 'FQDN "203.0.113.7" is an address; say Peer.cidr("203.0.113.7/32")'],
    ['a port', () => Peer.fqdn('example.com:443'), 'FQDN "example.com:443" is invalid'],
    ['a space', () => Peer.fqdn('exa mple.com'), 'is invalid'],
    ['an empty label', () => Peer.fqdn('example..com'), 'is invalid: label ""'],
    ['a label of 64 characters', () => Peer.fqdn(`${'a'.repeat(64)}.com`), 'has a label of 64 characters; at most 63 are allowed'],
    ['an empty name', () => Peer.fqdn(''), 'must have 1 to 255 characters'],
    ['an open domain', () => Peer.fqdn('example.*'), 'leaves the domain open; a wildcard needs a fixed last label'],
    ['a deep wildcard inside', () => Peer.fqdn('api.**.com'), '"**" may only be the first label'],
    ['a service account that is none', () => Peer.serviceAccount('My_Account'), 'service account "My_Account" is invalid'],
    ['no peers', () => Peer.oneOf(), 'no peers are stated, which never means all of them; name at least one, or say Peer.any()'],
  ])('%s: is an error', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

test('a peer reads like what it means', () => {
  expect([
    Peer.any(), Peer.internet(), Peer.kubeApiServer(), Peer.cidr('10.0.0.0/8', { except: ['10.1.0.0/16'] }), Peer.addresses('10.0.0.0/8'), Peer.fqdn('*.example.com'),
    Peer.pods({ labels: { app: 'web' }, serviceAccount: 'web' }), Peer.oneOf(Peer.dns(), Peer.monitoring()),
  ].map(String)).toEqual([
    'any', 'internet', 'kube-apiserver', '10.0.0.0/8 except 10.1.0.0/16', 'addresses 10.0.0.0/8', '*.example.com',
    'pods with app=web of service account web in namespace (same)', 'dns or monitoring',
  ]);
});
