import * as fc from 'fast-check';
import { NetworkPolicy, Peer, Port } from '../../src';
import { containsAddress } from '../../src/model/cidr';
import { End, Pod, World } from '../oracle';
import { allowed, CLUSTER_NAMES, Manifest, synthesize } from '../support/apps';
import { runs } from '../support/models/runs';

/**
 * What Peer.internet() means, said once more: none of these, and nothing that the cluster itself has.
 * https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6 twin
 */
const SPECIAL = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '224.0.0.0/4', '240.0.0.0/4',
  '::/128', '::1/128', 'fc00::/7', 'fe80::/10', 'ff00::/8',
];
const BOUNDS = [
  '9.255.255.255', '10.0.0.0', '10.255.255.255', '11.0.0.0', '100.63.255.255', '100.64.0.0', '169.254.169.254', '172.15.255.255', '172.31.255.255',
  '172.32.0.0', '192.167.255.255', '192.168.1.1', '223.255.255.255', '224.0.0.1', '255.255.255.255', '8.8.8.8', '2001:4860:4860::8888', 'fd00::7', 'fe80::1',
];

const byte = fc.integer({ min: 1, max: 223 });
const group = fc.integer({ min: 0, max: 0xffff }).map(each => each.toString(16));
/** Private or public, as clusters with public addresses have them. */
const range4 = fc.tuple(fc.constantFrom(8, 34, 10, 100, 172, 203), byte, fc.constantFrom(16, 24)).map(([a, b, prefix]) =>
  `${a}.${b}.0.0/${prefix}`);
const range6 = fc.tuple(fc.constantFrom('2600', '2a05', 'fd00'), group, fc.constantFrom(48, 64)).map(([a, b, prefix]) =>
  `${a}:${b === '0' ? '1' : b}::/${prefix}`);
const ranges = fc.tuple(range4, range6).map(pair => [...pair]);
const address4 = fc.tuple(byte, byte, byte, byte).map(bytes => bytes.join('.'));
const address6 = fc.tuple(fc.constantFrom('2600', '2a05', '2001', 'fd00', 'fe80'), group, group).map(([a, b, c]) => `${a}:${b}::${c === '0' ? '1' : c}`);

interface Stated {
  readonly podCidrs: string[];
  readonly nodeCidrs: string[];
  readonly serviceCidrs: string[];
}

const stated: fc.Arbitrary<Stated> = fc.record({ podCidrs: ranges, nodeCidrs: ranges, serviceCidrs: ranges }).filter(all => {
  const each = Object.values(all).flat();
  return each.every((one, i) => each.every((other, j) => i === j || !containsAddress(one, hostOf(other, 0))));
});

/** The n-th address of a range. */
const hostOf = (cidr: string, n: number): string => (cidr.includes(':') ? cidr.replace(/::\/\d+$/, `::${n}`) : cidr.replace(/0\/\d+$/, String(n)));
const inAny = (cidrs: readonly string[], address: string): boolean => cidrs.some(cidr => containsAddress(cidr, address));

const manifests = (cluster: typeof CLUSTER_NAMES[number], facts: Stated): Manifest[] => synthesize(cluster, ({ chart }) => {
  const rules = [{ peers: [Peer.internet()], ports: [Port.HTTPS] }];
  new NetworkPolicy(chart, 'internet', { egress: rules, ingress: rules, dns: false });
}, { ...facts, strict: true });

test('dialects agree on the internet, whatever ranges of pods, nodes and Services are stated, and it is what it says', () => {
  let [opened, closed] = [0, 0];
  fc.assert(fc.property(stated, fc.array(fc.oneof(address4, address6), { minLength: 5, maxLength: 15 }), (facts, random) => {
    const web: Pod = { namespace: 'shop', name: 'web', labels: {}, ips: facts.podCidrs.map(cidr => hostOf(cidr, 5)) };
    const pod: Pod = { namespace: 'data', name: 'db', labels: {}, ips: facts.podCidrs.map(cidr => hostOf(cidr, 6)) };
    const own = Object.values(facts).flat();
    const nodes: End[] = facts.nodeCidrs.map(cidr => ({ node: 'remote', address: hostOf(cidr, 7) }));
    const outside: End[] = [...random, ...BOUNDS].filter(address => !inAny(own, address)).map(address => ({ address }));
    const world: World = { namespaces: { shop: {}, data: {} }, pods: [web, pod], podCidrs: facts.podCidrs, nodeCidrs: facts.nodeCidrs };
    const ends: End[] = [{ pod }, ...nodes, ...outside];
    const expected = ends.map(end => 'address' in end && !('node' in end) && !inAny(SPECIAL, end.address!));
    for (const cluster of CLUSTER_NAMES) {
      const policies = manifests(cluster, facts);
      const answers = (inwards: boolean) => ends.map(end => allowed(cluster, policies, world, {
        source: inwards ? end : { pod: web }, destination: inwards ? { pod: web } : end, protocol: 'TCP', port: 443,
      }));
      expect([cluster, answers(false)]).toEqual([cluster, expected]);
      expect([cluster, answers(true)]).toEqual([cluster, expected]);
    }
    opened += expected.filter(each => each).length;
    closed += expected.filter(each => !each).length;
  }), runs(20));
  expect(opened).toBeGreaterThan(0);
  expect(closed).toBeGreaterThan(0);
});

test.each(['kubernetes', 'calico'] as const)('on %s the public range of Services is left out, since policies see the pods behind', cluster => {
  const facts: Stated = { podCidrs: ['34.5.0.0/16', '2600:1::/64'], nodeCidrs: ['34.6.0.0/16', '2600:2::/64'], serviceCidrs: ['34.7.0.0/24', '2600:3::/64'] };
  const text = JSON.stringify(manifests(cluster, facts));
  for (const cidr of Object.values(facts).flat()) { expect(text).toContain(cidr); }
});

test('on cilium nothing of them is left out, since there an address range never matches a pod or a node', () => {
  const facts: Stated = { podCidrs: ['34.5.0.0/16'], nodeCidrs: ['34.6.0.0/16'], serviceCidrs: ['34.7.0.0/24'] };
  expect(JSON.stringify(manifests('cilium', facts))).not.toMatch(/34\.[567]\.0\.0/);
});

test.each(CLUSTER_NAMES)('on %s a range inside that of Services is refused: nothing outside has such an address', cluster => {
  expect(() => synthesize(cluster, ({ chart }) => {
    new NetworkPolicy(chart, 'p', { egress: [{ peers: [Peer.cidr('10.96.0.10/32')], ports: [Port.DNS] }] });
  }, { serviceCidrs: ['10.96.0.0/12'] })).toThrow('inside the stated ranges of pods, nodes and Services');
});
