import { analysed, answerTo, document, testRows } from './table';
import { CNI_PROFILES } from '../../../src/cluster/cni-profiles';

/** What CNIs make of the parts of a NetworkPolicy that they do not take as stated, or are not known to. */

const np = document('networking.k8s.io/v1', 'NetworkPolicy');
const WEB = '[{podSelector: {matchLabels: {app: web}}}]';

const ingress = (rules: string): string => np(`podSelector: {}\npolicyTypes: [Ingress]\ningress: ${rules}`);
const egress = (rules: string): string => np(`podSelector: {}\npolicyTypes: [Egress]\negress: ${rules}`);
const both = (ingressRules: string, egressRules = '[]'): string => np(`podSelector: {}\npolicyTypes: [Ingress, Egress]\ningress: ${ingressRules}\negress: ${egressRules}`);
const CLOSED = both('[]');

describe('both directions on Flannel', () => {
  testRows('flannel', [
    ['policies stop nothing', CLOSED, { allowed: ['web -> api TCP 80', 'web -> db TCP 5432', '203.0.113.7 -> web TCP 80', 'web -> 203.0.113.7 UDP 53', 'db -> web SCTP 7000'] }],
    ['neither do those of tiers', `---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: x}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{name: a, action: Deny, from: [{namespaces: {}}]}]}
`, { allowed: ['web -> api TCP 80'] }],
    ['parts of rules say no more', ingress(`[{from: ${WEB}, ports: [{port: http}, {port: 1, endPort: 9}, {port: 7000, protocol: SCTP}]}]`), { allowed: ['db -> api TCP 22'] }],
  ]);

  test('are told once, for all policies, with the source', () => {
    const { notes } = analysed(`${CLOSED}${ingress('[{}]')}`, { cni: 'flannel' });
    const loud = notes.filter(note => note.startsWith('NOTHING IS ENFORCED'));
    expect(loud).toEqual([expect.stringContaining('(2 in the input): Flannel enforces no network policy')]);
    expect(loud[0]).toContain('flannel does not enforce rules for what comes in, see https://github.com/flannel-io/flannel');
    expect(loud[0]).toContain('flannel does not enforce rules for what goes out, see https://');
    expect(notes.filter(note => note.includes('NetworkPolicy shop/'))).toEqual([]);
    expect(analysed('', { cni: 'flannel' }).notes.join()).not.toContain('NOTHING IS ENFORCED');
  });

  test('are told by each policy too', () => {
    const { set } = analysed(CLOSED, { cni: 'flannel' });
    expect(set.policies.filter(({ origin }) => origin.kind === 'NetworkPolicy').map(({ mode, voidBecause }) => [mode, voidBecause])).toEqual([
      ['void', expect.stringContaining('flannel does not enforce rules for what comes in')],
      ['void', expect.stringContaining('flannel does not enforce rules for what goes out')],
    ]);
  });
});

describe('ports by name', () => {
  const named = ingress(`[{from: ${WEB}, ports: [{port: http}]}]`);
  testRows('ovn-kubernetes', [
    ['open what OVN-Kubernetes makes of them: nobody says which port of the protocol', named, {
      unknown: ['web -> api TCP 80', 'web -> api TCP 22'], denied: ['web -> api UDP 80', 'db -> api TCP 80', '203.0.113.7 -> api TCP 80'],
    }],
    ['numbers of the same rule are surely open', ingress(`[{from: ${WEB}, ports: [{port: stats, protocol: UDP}, {port: 80}]}]`), {
      allowed: ['web -> api TCP 80'], unknown: ['web -> api UDP 9000', 'web -> api UDP 53'], denied: ['web -> api TCP 22', 'db -> api TCP 80'],
    }],
    ['another policy opens surely', `${named}${ingress(`[{from: ${WEB}, ports: [{port: 80}]}]`)}`, { allowed: ['web -> api TCP 80'], unknown: ['web -> api TCP 22'] }],
    ['whichever comes first', `${ingress(`[{from: ${WEB}, ports: [{port: 80}]}]`)}${named}`, { allowed: ['web -> api TCP 80'] }],
    ['a rule beside it holds', ingress(`[{from: ${WEB}, ports: [{port: http}]}, {from: [{namespaceSelector: {}}], ports: [{port: 81}]}]`), {
      allowed: ['db -> api TCP 81', 'web -> api TCP 81'], denied: ['db -> api TCP 80'],
    }],
    ['at egress it is the same', egress('[{ports: [{port: http}]}]'), { unknown: ['web -> api TCP 80', 'web -> 203.0.113.7 TCP 443'], denied: ['web -> api UDP 80'] }],
  ]);
  testRows('aws-vpc', [
    ['on the VPC CNI may open everything to the peers: what is not found is no port at all', named, {
      unknown: ['web -> api TCP 80', 'web -> api UDP 53'], denied: ['db -> api TCP 80'],
    }],
  ]);
  testRows('weave', [
    ['on Weave may cost the whole document', both(`[{from: ${WEB}, ports: [{port: http}]}, {from: [{namespaceSelector: {}}], ports: [{port: 81}]}]`), {
      unknown: ['web -> api TCP 80', 'web -> api TCP 22', 'db -> api TCP 81', 'db -> api TCP 80', '203.0.113.7 -> api TCP 80', 'web -> db TCP 5432'],
      allowed: ['db -> tool TCP 80'],
    }],
    ['what another document closes stays closed, but for the peers of the rule', `${named}${ingress('[]')}`, { unknown: ['web -> api TCP 80', 'web -> api UDP 53'], denied: ['db -> api TCP 80', '203.0.113.7 -> api TCP 80'] }],
    ['a document that is about some pods only does not close the others', `${named}${np('podSelector: {matchLabels: {app: web}}')}`, { unknown: ['db -> api TCP 80', 'db -> web TCP 80'] }],
  ]);
  testRows('calico', [['hold on Calico', named, { allowed: ['web -> api TCP 80'], denied: ['web -> api TCP 22'] }]]);
  testRows('azure', [
    ['hold on Azure', named, { allowed: ['web -> api TCP 80'], denied: ['web -> api TCP 22'] }],
    ['not where it has nodes of Windows', named, { unknown: ['web -> api TCP 80', 'web -> api TCP 22', 'db -> api TCP 80'] }, { features: { windows: true } as object }],
  ]);
});

describe('ranges of ports', () => {
  const range = ingress(`[{from: ${WEB}, ports: [{port: 8080, endPort: 8090}, {port: 22}]}]`);
  testRows('weave', [
    ['are open as far as nobody knows, and no further', range, {
      unknown: ['web -> api TCP 8080', 'web -> api TCP 8090'], allowed: ['web -> api TCP 22'], denied: ['web -> api TCP 8079', 'web -> api TCP 8091', 'db -> api TCP 8080'],
    }],
    ['of one port are that port', ingress(`[{from: ${WEB}, ports: [{port: 80, endPort: 80}]}]`), { allowed: ['web -> api TCP 80'] }],
    ['of every port are ranges too', ingress('[{ports: [{port: 1, endPort: 65535}]}]'), { unknown: ['web -> api TCP 80'] }],
  ]);
  testRows('gke-dataplane-v2', [['are not known to hold on GKE Dataplane V2', range, { unknown: ['web -> api TCP 8085'], denied: ['db -> api TCP 8085'], allowed: ['web -> api TCP 22'] }]]);
  testRows('kindnet', [['hold on kindnet', range, { allowed: ['web -> api TCP 8085'], denied: ['web -> api TCP 8091'] }]]);
});

describe('ports of SCTP', () => {
  const sctp = ingress(`[{from: ${WEB}, ports: [{port: 7000, protocol: SCTP}, {port: 80}]}]`);
  for (const cni of ['azure', 'gke-dataplane-v2', 'weave']) {
    testRows(cni, [
      [`may cost the whole document on ${cni}`, sctp, { unknown: ['web -> api SCTP 7000', 'web -> api TCP 80', 'db -> api TCP 80', '203.0.113.7 -> api TCP 80'] }],
      [`documents without any hold on ${cni}`, ingress(`[{from: ${WEB}, ports: [{port: 80}]}]`), { allowed: ['web -> api TCP 80'], denied: ['db -> api TCP 80', 'web -> api SCTP 7000'] }],
    ]);
  }
  testRows('antrea', [['hold on Antrea', sctp, { allowed: ['web -> api SCTP 7000'], denied: ['db -> api SCTP 7000'] }]]);
});

describe('exceptions of ranges', () => {
  const hole = egress('[{to: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.64/26]}}], ports: [{port: 443}]}]');
  testRows('azure', [
    ['hold on Azure', hole, { allowed: ['web -> 203.0.113.7 TCP 443'], denied: ['web -> 203.0.113.64 TCP 443'] }],
    ['not where it has nodes of Windows', `${hole}${egress('[]')}`, {
      unknown: ['web -> 203.0.113.7 TCP 443', 'web -> 203.0.113.64 TCP 443'], denied: ['web -> 198.51.100.1 TCP 443'],
    }, { features: { windows: true } as object }],
  ]);
});

describe('what is sure is so whatever the CNI makes of the part', () => {
  const named = (ports: string): string => `${ingress(`[{from: ${WEB}, ports: ${ports}}, {from: [{namespaceSelector: {}}], ports: [{port: 81}]}]`)}${np('podSelector: {matchLabels: {app: db}}', { namespace: 'data' })}`;
  const range = (ports: string): string => `${ingress(`[{from: ${WEB}, ports: ${ports}}]`)}${egress('[{ports: [{port: 8080}]}]')}`;
  const flows = ['web', 'db', '203.0.113.7'].flatMap(from => ['api', 'tool'].flatMap(to =>
    ['TCP 22', 'TCP 80', 'TCP 81', 'TCP 8080', 'TCP 8085', 'TCP 8091', 'UDP 80', 'SCTP 7000', 'ICMP 8'].map(traffic => `${from} -> ${to} ${traffic}`)));
  const closed = '{podSelector: {}, policyTypes: [Ingress]}';

  test.each<[cni: string, part: string, asWritten: string, others: readonly string[]]>([
    ['ovn-kubernetes', 'a name', named('[{port: http}]'), [named('[{protocol: TCP}]')]],
    ['aws-vpc', 'a name', named('[{port: http}]'), [named('[{port: 8080}]'), named('[]'), named('[{port: 1, protocol: SCTP}]')]],
    ['weave', 'a name', named('[{port: http}]'), ['', named('[{protocol: TCP}]'), named('[]')]],
    ['weave', 'a name in a closed namespace', `${named('[{port: http}]')}${np(closed)}`, [np(closed), `${named('[]')}${np(closed)}`]],
    ['weave', 'a range', range('[{port: 8080, endPort: 8090}]'), [range('[{port: 8080}]')]],
    ['gke-dataplane-v2', 'a range', range('[{port: 8080, endPort: 8090}]'), [range('[{port: 8080}]')]],
    ['azure', 'SCTP', range('[{port: 7000, protocol: SCTP}]'), [range('[]'), egress('[{ports: [{port: 8080}]}]')]],
    ['flannel', 'anything', range('[{port: 80}]'), ['']],
  ])('%s: %s', (cni, part, asWritten, others) => {
    const own = analysed(asWritten, { cni });
    const readings = [...part === 'anything' ? [] : [asWritten], ...others].map(text => analysed(text, { cni: 'kubernetes' }));
    const sure = flows.filter(flow => answerTo(own, flow) !== 'unknown');
    for (const reading of readings) {
      expect(sure.map(flow => [flow, answerTo(own, flow)])).toEqual(sure.map(flow => [flow, answerTo(reading, flow)]));
    }
    expect(sure.length).toBeGreaterThan(flows.length / 3);
  });
});

describe('notes', () => {
  const several = both(
    `[{from: ${WEB}, ports: [{port: http}]}, {ports: [{port: http}]}, {ports: [{port: 1, endPort: 9}]}]`, '[{ports: [{port: http}, {port: 7000, protocol: SCTP}]}]');

  test('are one for each document and column, with the CNI, the column and its source', () => {
    const ofPolicies = (cni: string, policies: string): string[] => analysed(policies, { cni }).notes.filter(note => note.includes('NetworkPolicy shop/'));
    expect(ofPolicies('weave', `${several}${CLOSED}`)).toEqual([
      expect.stringMatching(/^rows\.yaml:\d+: NetworkPolicy shop\/policy-\d+ may not be enforced as it says, .*: weave does not enforce ranges of ports \(endPort\) \(only the first .*\), see https:/),
      expect.stringContaining('weave does not enforce ports by name (the whole policy is refused'),
      expect.stringContaining('weave is not known to enforce ports of SCTP (the protocol goes to iptables as it is written), see https:'),
    ]);
    expect(ofPolicies('ovn-kubernetes', several)).toEqual([expect.stringContaining('ovn-kubernetes does not enforce ports by name')]);
  });

  test.each(Object.keys(CNI_PROFILES).filter(cni => cni !== 'flannel'))('there are none on %s for what every CNI takes as stated', cni => {
    const { notes, problems } = analysed(`${both(`[{from: ${WEB}, ports: [{port: 80}]}]`, '[{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]')}`, { cni });
    expect(problems).toEqual([]);
    expect(notes.filter(note => note.includes('enforce'))).toEqual([]);
  });

  test('where no CNI is named everything is taken for enforced', () => {
    expect(analysed(several, { cni: 'kubernetes' }).notes.filter(note => note.includes('enforce'))).toEqual([]);
  });
});
