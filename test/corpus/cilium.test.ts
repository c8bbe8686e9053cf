import { testCorpus } from './corpus';
import { corpusFiles } from './files';
import { Cluster, differenceOf, meaning } from './judge';
import { cilium } from '../../src/dialects/cilium';

const CLUSTER: Cluster = {
  dialect: 'cilium',
  target: {
    cni: 'cilium',
    version: '1.20',
    cidrMatchesPods: false,
    cidrMatchesNodes: false,
    clusterCidrs: [],
    clusterCidrsComplete: false,
    denyTier: 'deny',
    features: { nodeSelectorLabels: true, extendedProtocols: true, hostFirewall: true, mutualAuthentication: true },
  },
  profile: { cidrMatches: ['external'] },
};

const service = (name: string, namespace: string | undefined, labels: object, app: string) => ({
  apiVersion: 'v1', kind: 'Service', metadata: { name, ...(namespace === undefined ? {} : { namespace }), labels }, spec: { selector: { app }, ports: [{ port: 80 }] },
});

/** What the examples refer to and leave out. */
const BESIDE = [
  service('external-service', 'default', {}, 'one'),
  service('myservice', 'default', {}, 'two'),
  service('theirs', 'another-namespace', { env: 'staging' }, 'three'),
  service('labelled', 'default', { test: 'external' }, 'four'),
  { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'vpn-example-1' }, spec: { externalCIDRs: ['198.51.100.0/24'] } },
  { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'vpn-2', labels: { role: 'vpn' } }, spec: { externalCIDRs: ['192.0.2.0/24'] } },
];

testCorpus({
  folder: 'cilium-examples',
  cluster: CLUSTER,
  beside: () => BESIDE,
  refused: {
    'docs-inline/Documentation__operations__performance__scalability__report__L227.yaml': /spec\.fromEndpoints: this field is not known here/,
    'docs-inline/Documentation__operations__performance__scalability__report__L247.yaml': /spec\.fromEndpoints: this field is not known here/,
    'docs-inline/INVALID-bad-cnp-port-65536.yaml': /ports\[0\]\.port: must be a port from 0 to 65535, got "65536" .*the agent refuses it/,
    'examples-policies/auth/auth.yaml': /spec\.egress\[0\]\.auth: this field is not known here.*authentication/,
    'examples-policies/l3/requires/requires.yaml': /fromRequires.*removed/,
    'test-k8s-manifests/ccnp-host-policy-nodeport-tests.yaml': /"NODE_WITHOUT_CILIUM_IP\/32" is not a CIDR/,
  },
  // Two files isolate nobody; what is not missed are ports of an entity that is open altogether.
  least: { telling: 73, missed: 0.94 },
});

const FILES = corpusFiles('cilium-examples');
const documentOf = (name: string): any => structuredClone(FILES.find(file => file.name.endsWith(name))!.documents![0]);

(FILES.length > 0 ? describe : describe.skip)('of these examples', () => {
  test('those for one version are refused in others', () => {
    const document = documentOf('requires.yaml');
    expect(() => cilium.read(document, undefined, '1.18')).toThrow(/fromRequires.*is not evaluated/);
    expect(() => cilium.read(document, undefined, '1.19')).toThrow(/fromRequires.*the API server refuses this/);
    const protocols = documentOf('allow-extended-protocols.yaml');
    expect(cilium.read(protocols, undefined, '1.20').length).toBeGreaterThan(0);
    expect(() => cilium.read(protocols, undefined, '1.18')).toThrow(/protocol/);
  });

  test.each<[string, string, (spec: any) => void]>([
    ['a port', 'l4/l4.yaml', spec => { spec.egress[0].toPorts[0].ports[0].port = '81'; }],
    ['a protocol', 'l4/l4.yaml', spec => { spec.egress[0].toPorts[0].ports[0].protocol = 'UDP'; }],
    ['a label of the peer', 'l3/simple/l3.yaml', spec => { spec.ingress[0].fromEndpoints[0].matchLabels.role = 'x'; }],
    ['an exception of a range', 'l3/cidr/cidr.yaml', spec => { delete spec.egress[1].toCIDRSet[0].except; }],
    ['a path', 'l7/http/http.yaml', spec => { spec.ingress[0].toPorts[0].rules.http[0].path = '/path3'; }],
  ])('one in which %s is another means something else', (_, name, change) => {
    const [before, after] = [documentOf(name), documentOf(name)];
    change(after.spec);
    const set = (document: unknown) => meaning(CLUSTER, cilium.read(document, undefined, '1.20'), [document]);
    expect(differenceOf(CLUSTER, set(before), set(before))).toBeUndefined();
    expect(differenceOf(CLUSTER, set(before), set(after))).toMatch(/ became /);
  });
});
