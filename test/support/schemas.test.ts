import { crdSchemasOf, schemaErrors, schemaErrorsOf } from './schemas';
import { CALICO_FIELDS } from '../../src/dialects/calico/fields';
import { CILIUM_FIELDS } from '../../src/dialects/cilium/fields';
import { CLUSTER_NETWORK_POLICY_FIELDS } from '../../src/dialects/cluster-network-policy/fields';
import { FieldTree } from '../../src/dialects/field-tree';
import { ISTIO_FIELDS } from '../../src/dialects/istio/fields';
import { KUBERNETES_FIELDS } from '../../src/dialects/kubernetes/fields';

const metadata = { name: 'web', namespace: 'shop' };

function kubernetes(spec: object): any {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec };
}

function cilium(rule: object): any {
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec: { endpointSelector: {}, ...rule } };
}

function calico(spec: object): any {
  return { apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata, spec };
}

const selector = { matchLabels: { 'app.kubernetes.io/name': 'api' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['back'] }] };
const pod = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx', ports: [{ containerPort: 80 }] }] } };

const calicoRule = {
  action: 'Allow',
  ipVersion: 4,
  protocol: 'TCP',
  source: { selector: "app == 'web'", notSelector: 'has(x)', namespaceSelector: 'all()', serviceAccounts: { names: ['web'], selector: "a == 'b'" } },
  destination: { nets: ['10.0.0.0/8'], notNets: ['10.1.0.0/16'], ports: [80, '8000:8080', 'http'], notPorts: [81] },
  http: { methods: ['GET'], paths: [{ exact: '/a' }, { prefix: '/b' }] },
  metadata: { annotations: { why: 'test' } },
};
const calicoSpec = {
  tier: 'platform',
  order: 100.5,
  selector: "app == 'web'",
  serviceAccountSelector: 'has(team)',
  types: ['Ingress', 'Egress'],
  ingress: [calicoRule],
  egress: [
    { action: 'Pass', protocol: 17, destination: { services: { name: 'dns', namespace: 'kube-system' } } },
    { action: 'Deny', ipVersion: 6, protocol: 'ICMPv6', icmp: { type: 128, code: 0 } },
    { action: 'Log', notProtocol: 'UDP' },
  ],
  performanceHints: ['AssumeNeededOnEveryNode'],
};
const { http: _http, ...withoutHttp } = calicoRule;
const calicoGlobalSpec = {
  ...calicoSpec,
  ingress: [withoutHttp],
  namespaceSelector: 'all()',
  doNotTrack: true,
  preDNAT: false,
  applyOnForward: true,
};

const ciliumRule = {
  endpointSelector: selector,
  description: 'all there is',
  labels: [{ key: 'team', value: 'shop', source: 'k8s' }],
  log: { value: 'shop' },
  enableDefaultDeny: { ingress: true, egress: false },
  ingress: [
    {},
    {
      fromEndpoints: [selector],
      authentication: { mode: 'required' },
      toPorts: [{
        ports: [{ port: '80', protocol: 'TCP' }, { port: 'http' }],
        rules: {
          http: [{ method: 'GET', path: '/.*', host: '.*\\.example\\.com', headers: ['X: y'], headerMatches: [{ name: 'a', mismatch: 'LOG' }] }],
        },
        terminatingTLS: { secret: { name: 'tls', namespace: 'shop' } },
        originatingTLS: { secret: { name: 'tls' }, trustedCA: 'ca', certificate: 'crt', privateKey: 'key' },
      }],
    },
    { fromEntities: ['world', 'kube-apiserver'], icmps: [{ fields: [{ type: 8 }, { type: 'EchoRequest', family: 'IPv6' }] }] },
    { fromCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }, { cidrGroupRef: 'office' }, { cidrGroupSelector: selector }] },
    { fromNodes: [selector] },
    { fromGroups: [{ aws: { labels: { a: 'b' }, securityGroupsIds: ['sg-1'], securityGroupsNames: ['x'], region: 'eu-west-1' } }] },
  ],
  ingressDeny: [{ fromCIDR: ['2001:db8::/32'], toPorts: [{ ports: [{ port: '1000', endPort: 2000, protocol: 'UDP' }] }] }],
  egress: [
    { toFQDNs: [{ matchName: 'api.example.com' }, { matchPattern: '*.example.com' }] },
    { toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }] },
    { toServices: [{ k8sService: { serviceName: 'db', namespace: 'shop' } }, { k8sServiceSelector: { selector, namespace: 'shop' } }] },
    {
      toPorts: [{
        ports: [{ port: '443', protocol: 'TCP' }],
        serverNames: ['www.example.com'],
        listener: { name: 'l', priority: 1, envoyConfig: { name: 'e', kind: 'CiliumEnvoyConfig' } },
      }],
    },
    { toCIDR: ['0.0.0.0/0'], toEntities: [], toNodes: [selector], toGroups: [] },
  ],
  egressDeny: [{ toEntities: ['host'], icmps: [{ fields: [{ type: 0 }] }] }],
};

const GOOD: any[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'shop' } } },
  { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
  { apiVersion: 'v1', kind: 'Pod', metadata, spec: pod.spec },
  { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: { app: 'web' } }, template: pod } },
  { apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec: { schedule: '@daily', jobTemplate: { spec: { template: pod } } } },
  kubernetes({ podSelector: {} }),
  kubernetes({
    podSelector: selector,
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [{ podSelector: selector, namespaceSelector: {} }], ports: [{ port: 'http', protocol: 'TCP' }] }, {}],
    egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } }], ports: [{ port: 1, endPort: 65535, protocol: 'UDP' }] }],
  }),
  cilium(ciliumRule),
  { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, specs: [ciliumRule, { endpointSelector: {}, ingress: [{}] }] },
  { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'all' }, spec: { nodeSelector: {}, ingress: [{}] } },
  { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name: 'office' }, spec: { externalCIDRs: ['203.0.113.0/24'] } },
  calico({}),
  calico(calicoSpec),
  { ...calico({ stagedAction: 'Set', ...calicoSpec }), kind: 'StagedNetworkPolicy' },
  { ...calico(calicoGlobalSpec), kind: 'GlobalNetworkPolicy', metadata: { name: 'all' } },
  { ...calico({ stagedAction: 'Learn', ...calicoGlobalSpec }), kind: 'StagedGlobalNetworkPolicy', metadata: { name: 'all' } },
  { ...calico({ stagedAction: 'Delete', podSelector: selector, policyTypes: ['Ingress'] }), kind: 'StagedKubernetesNetworkPolicy' },
  { ...calico({ order: 50, defaultAction: 'Pass' }), kind: 'Tier', metadata: { name: 'platform' } },
  { ...calico({ nets: ['10.0.0.0/8', '192.0.2.1', '2001:db8::1'] }), kind: 'NetworkSet' },
  { ...calico({}), kind: 'GlobalNetworkSet', metadata: { name: 'office', labels: { net: 'office' }, annotations: { a: 'b c' } } },
  {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumEgressGatewayPolicy',
    metadata: { name: 'out' },
    spec: {
      selectors: [{ podSelector: selector, namespaceSelector: {}, nodeSelector: {} }],
      destinationCIDRs: ['0.0.0.0/0'],
      excludedCIDRs: ['10.0.0.0/8'],
      egressGateway: { nodeSelector: {}, egressIP: '192.0.2.1' },
    },
  },
  {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: 'all' },
    spec: {
      tier: 'Admin',
      priority: 10,
      subject: { namespaces: {} },
      egress: [
        { action: 'Deny', to: [{ networks: ['169.254.169.254/32'] }], protocols: [{ tcp: { destinationPort: { number: 80 } } }] },
        { action: 'Accept', to: [{ domainNames: ['*.example.com'] }, { nodes: {} }] },
      ],
    },
  },
  {
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'AdminNetworkPolicy',
    metadata: { name: 'all' },
    spec: { priority: 1, subject: { namespaces: {} }, ingress: [{ action: 'Pass', from: [{ namespaces: selector }], ports: [{ portNumber: { port: 80, protocol: 'TCP' } }] }] },
  },
  {
    apiVersion: 'policy.networking.k8s.io/v1alpha1',
    kind: 'BaselineAdminNetworkPolicy',
    metadata: { name: 'default' },
    spec: { subject: { namespaces: {} }, ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }] },
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata,
    spec: { selector: { matchLabels: { app: 'web' } }, action: 'ALLOW', rules: [{ from: [{ source: { namespaces: ['shop'] } }], to: [{ operation: { methods: ['GET'] } }] }] },
  },
];

test.each(GOOD.map((manifest) => [`${manifest.apiVersion} ${manifest.kind}`, manifest]))('a good %s is accepted by all', (_, manifest) => {
  expect(schemaErrors(manifest)).toEqual([]);
});

test('many manifests are judged at once, and each error names its own', () => {
  expect(schemaErrorsOf(GOOD)).toEqual([]);
  const errors = schemaErrorsOf([...GOOD, kubernetes({ podSelector: 5 }), ...GOOD, calico({ order: 'first' })]);
  expect(errors.filter((error) => error.startsWith('NetworkPolicy shop/web: '))).toEqual(errors);
  expect(errors).toEqual(expect.arrayContaining([
    expect.stringContaining('spec.podSelector: must be an object, not the number 5'),
    expect.stringContaining('spec.order: must be a number, not "first"'),
  ]));
  expect(schemaErrorsOf([])).toEqual([]);
});

const ports = (...list: any[]) => cilium({ ingress: [{ toPorts: [{ ports: list }] }] });
const rules = (...list: any[]) => calico({ types: ['Egress'], egress: list });

test.each<[string, any, string, string]>([
  ['a numeric port', ports({ port: 80 }), 'spec.ingress[0].toPorts[0].ports[0].port: must be a string', 'npm'],
  ['a protocol in lower case', ports({ port: '80', protocol: 'tcp' }), 'ports[0].protocol: must be one of TCP', 'npm'],
  ['a port beyond 65535, which the CRD lets through', ports({ port: '65536' }), 'ports[0].port: must be a port from 0 to 65535', 'field tree'],
  ['a port with a tail, which the CRD lets through', ports({ port: '80abc!!' }), 'ports[0].port: must be a port from 0 to 65535', 'field tree'],
  ['more than 40 ports', ports(...Array.from({ length: 41 }, (_, index) => ({ port: `${index}` }))), 'ports: must have at most 40 items', 'npm'],
  ['an unknown entity', cilium({ ingress: [{ fromEntities: ['internet'] }] }), 'fromEntities[0]: must be one of all, world', 'npm'],
  ['a bare address', cilium({ egress: [{ toCIDR: ['1.2.3.4'] }] }), 'toCIDR[0]: must be a CIDR', 'npm'],
  ['an unknown field in toPorts', cilium({ egress: [{ toPorts: [{ port: '80' }] }] }), 'toPorts[0].port: unknown field', 'field tree'],
  ['both selectors', cilium({ nodeSelector: {}, ingress: [{}] }), 'exactly one of endpointSelector, nodeSelector', 'npm'],
  ['no rules', cilium({}), 'spec: must have at least one of ingress', 'npm'],
  ['layer 7 in a deny rule', cilium({ egressDeny: [{ toPorts: [{ rules: { dns: [] } }] }] }), 'toPorts[0].rules: unknown field', 'field tree'],
  ['kafka rules', cilium({ ingress: [{ toPorts: [{ rules: { kafka: [] } }] }] }), 'rules.kafka: unknown field since 1.20', 'field tree'],
  ['fromRequires', cilium({ ingress: [{ fromRequires: [selector] }] }), 'fromRequires: must have at most 0 items', 'field tree'],
  ['an authentication that is misspelt', cilium({ ingress: [{ auth: { mode: 'required' } }] }), 'ingress[0].auth: unknown field', 'field tree'],
])('of Cilium, %s is rejected', (_, manifest, error, judge) => {
  const errors = schemaErrors(manifest);
  expect(errors).toContainEqual(expect.stringContaining(error));
  expect(errors).toContainEqual(expect.stringContaining(`[${judge}]`));
});

test('of Cilium, a long name that is no domain name is rejected without delay', () => {
  const toFQDNs = [{ matchName: 'a'.repeat(200) + '!' }, { matchPattern: '*'.repeat(200) + '!' }];
  expect(schemaErrors(cilium({ egress: [{ toFQDNs }] }))).toContainEqual(expect.stringMatching(/matchName must match pattern.*\[npm\]/));
}, 15_000);

test.each<[string, any, string]>([
  ['destination.domains, which only the commercial editions have,', rules({ action: 'Allow', destination: { domains: ['x.y'] } }),
    'spec.egress[0].destination.domains: unknown field; the API server would drop it (known: nets, notNets, '],
  ['an unknown action', rules({ action: 'Reject' }), 'spec.egress[0].action: must be one of Allow, Deny, Log, Pass, not "Reject"'],
  ['a rule without an action', rules({}), 'spec.egress[0].action: is required'],
  ['a protocol in lower case', rules({ action: 'Allow', protocol: 'tcp' }), 'protocol: must be one of TCP'],
  ['a bare address in a rule', rules({ action: 'Allow', source: { nets: ['1.2.3.4'] } }), 'source.nets[0]: must be a CIDR'],
  ['a port above 65535', rules({ action: 'Allow', protocol: 'TCP', source: { ports: [65536] } }), 'source.ports[0]: must be at most 65535'],
  ['an HTTP path both exact and prefix', rules({ action: 'Allow', http: { paths: [{ exact: '/', prefix: '/' }] } }), 'exactly one of exact, prefix'],
  ['a repeated type', calico({ types: ['Egress', 'Egress'] }), 'types[1]: "Egress" is already in the list'],
  ['an empty list of types', calico({ types: [] }), 'types: must have at least 1 item'],
  ['a namespace of a cluster-scoped kind', { ...calico({}), kind: 'GlobalNetworkPolicy' }, 'metadata.namespace: unknown field'],
  ['namespaceSelector in a namespaced policy', calico({ namespaceSelector: 'all()' }), 'spec.namespaceSelector: unknown field'],
  ['a tier with a dot in its name', { ...calico({}), kind: 'Tier', metadata: { name: 'a.b' } }, 'metadata.name: must be a DNS label'],
  ['a default action that ends nothing', { ...calico({ defaultAction: 'Allow' }), kind: 'Tier', metadata: { name: 'a' } }, 'one of Deny, Pass'],
  ['a tier in a StagedKubernetesNetworkPolicy', { ...calico({ tier: 'a' }), kind: 'StagedKubernetesNetworkPolicy' }, 'spec.tier: unknown field'],
])('of Calico, %s is rejected', (_, manifest, error) => {
  expect(schemaErrors(manifest)).toContainEqual(expect.stringContaining(error));
});

test.each<[string, any, string]>([
  ['a priority beyond the last', { priority: 1001 }, 'spec.priority: must be at most 1000'],
  ['the action of the older API', { ingress: [{ action: 'Allow', from: [{ namespaces: {} }] }] }, 'ingress[0].action: must be one of Accept, Deny, Pass'],
  ['two peers in one', { egress: [{ action: 'Deny', to: [{ namespaces: {}, networks: ['10.0.0.0/8'] }] }] }, 'to[0]: must have exactly one of'],
  ['the ports of the older API', { ingress: [{ action: 'Deny', from: [{ namespaces: {} }], ports: [] }] }, 'ingress[0].ports: unknown field'],
])('of policy.networking.k8s.io, %s is rejected', (_, spec, error) => {
  const manifest = {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: 'all' },
    spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, ...spec },
  };
  expect(schemaErrors(manifest)).toContainEqual(expect.stringContaining(error));
});

const long = calico({ types: ['Ingress'], selector: `a == '${'x'.repeat(1100)}'` });

describe('of a stated version', () => {
  const protocol = (name: string) => ports({ port: '80', protocol: 'TCP' }, { port: '0', protocol: name });
  test.each<[string, any, string, RegExp[]]>([
    ['a protocol of 1.20', protocol('GRE'), '1.20', []],
    ['the same before', protocol('GRE'), '1.19', [/must be one of .*which is unknown before 1\.20 \[field tree\]/, /\[npm\]/]],
    ['an entity of 1.20', cilium({ ingress: [{ fromEntities: ['cluster-mesh'] }] }), '1.20', []],
    ['the same before, elsewhere than in the package of 1.19', cilium({ ingress: [{ fromEntities: ['cluster-mesh'] }] }), 'v1.18.3', [/unknown before 1\.20 \[field tree\]/]],
    ['Kafka until 1.19', ports2({ kafka: [{ topic: 'orders' }] }), '1.19', []],
    ['Kafka since', ports2({ kafka: [{ topic: 'orders' }] }), '1.20', [/rules\.kafka: unknown field since 1\.20/, /exactly one of http, dns/]],
    ['requirements until 1.18', cilium({ ingress: [{ fromEndpoints: [selector], fromRequires: [selector] }] }), '1.18', []],
    ['a port that 1.18 asks for', ports({ protocol: 'TCP' }), '1.18', [/ports\[0\]\.port: is required/]],
    ['a selector that is too long since 3.33', long, '3.33', [/spec\.selector: must have at most 1024 characters/]],
    ['the same before', long, '3.32', []],
    ['the same long before', long, '3.30', []],
  ])('%s', (_, manifest, version, errors) => {
    const found = schemaErrors(manifest, version).filter((error) => !error.includes('[CRD of '));
    expect(found).toHaveLength(errors.length);
    errors.forEach((error) => expect(found).toContainEqual(expect.stringMatching(error)));
    if (errors.length === 0) expect(schemaErrors(manifest, version)).toEqual([]);
  });

  function ports2(l7: object): any {
    return cilium({ ingress: [{ toPorts: [{ ports: [{ port: '9092', protocol: 'TCP' }], rules: l7 }] }] });
  }
});

const portsOf = (...list: any[]) => kubernetes({ podSelector: {}, ingress: [{ ports: list }] });
const peers = (...list: any[]) => kubernetes({ podSelector: {}, egress: [{ to: list }] });

test.each<[string, any, string]>([
  ['a port that is an object', portsOf({ port: { number: 80 } }), 'ports[0].port: must be an integer or a string, not an object'],
  ['a port number in quotes', portsOf({ port: '80' }), 'ports[0].port: must be a port number or a port name'],
  ['an unknown protocol', portsOf({ protocol: 'ICMP' }), 'ports[0].protocol: must be one of TCP, UDP, SCTP'],
  ['an unknown field', kubernetes({ podSelector: {}, order: 1 }), 'spec.order: unknown field'],
  ['a peer that is empty', peers({}), 'to[0]: must have at least one of podSelector'],
  ['an ipBlock beside a selector', peers({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }), 'to[0]: ipBlock must stand alone'],
  ['a bare address', peers({ ipBlock: { cidr: '10.0.0.1' } }), 'ipBlock.cidr: must be a CIDR'],
  ['an unknown policy type', kubernetes({ podSelector: {}, policyTypes: ['ingress'] }), 'policyTypes[0]: must be one of Ingress, Egress'],
  ['an unknown operator', kubernetes({ podSelector: { matchExpressions: [{ key: 'a', operator: 'Equals' }] } }), 'operator: must be one of In'],
  ['an unknown field of a Deployment', { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template: pod } }, 'required property'],
])('of Kubernetes, %s is rejected', (_, manifest, error) => {
  expect(schemaErrors(manifest)).toContainEqual(expect.stringContaining(error));
});

test.each<[string, any]>([
  ['an unknown kind', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolitics', metadata }],
  ['an unknown group', { apiVersion: 'example.com/v1', kind: 'NetworkPolicy', metadata }],
  ['a part that is no kind', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicySpec', metadata }],
  ['a kind that every object inherits', { apiVersion: 'cilium.io/v2', kind: 'constructor', metadata }],
  ['a kind that is a path', { apiVersion: 'v1', kind: '../v1/Namespace', metadata }],
])('%s is an error, for nobody judged it', (_, manifest) => {
  expect(schemaErrors(manifest)).toEqual([expect.stringContaining('no schema is known for')]);
});

test.each<[string, any]>([
  ['nothing', undefined],
  ['null', null],
  ['text', 'kind: Namespace'],
  ['a list', []],
  ['an object without a kind', { apiVersion: 'v1' }],
])('%s is no manifest', (_, manifest) => {
  expect(schemaErrors(manifest)).toEqual([expect.stringContaining('apiVersion and kind must be strings')]);
});

const ALL_FIELDS = [KUBERNETES_FIELDS, CILIUM_FIELDS, CALICO_FIELDS, CLUSTER_NETWORK_POLICY_FIELDS, ISTIO_FIELDS]
  .flatMap((trees) => Object.entries(trees));

test('every field that a tree requires is a field that it has', () => {
  const strays: string[] = [];
  const visit = (tree: FieldTree, at: string): void => {
    if (tree.type === 'array' || tree.type === 'map') visit(tree.of, at);
    if (tree.type !== 'object') return;
    for (const name of [tree.required, tree.exactlyOneOf, tree.atLeastOneOf, tree.alone].flatMap((names) => names ?? [])) {
      if (!Object.hasOwn(tree.fields, name)) strays.push(`${at}.${name}`);
    }
    for (const [name, each] of Object.entries(tree.fields)) visit(each, `${at}.${name}`);
  };
  for (const [kind, tree] of ALL_FIELDS) visit(tree, kind);
  expect(strays).toEqual([]);
});

// Elsewhere than beside the CRDs there is nothing to compare with.
const atHand = crdSchemasOf('cilium.io/v2', 'CiliumNetworkPolicy').length > 0;

(atHand ? test : test.skip)('the CRDs reject what they should, where they are at hand', () => {
  const errors = schemaErrors(cilium({ egress: [{ toPorts: [{ port: '80' }] }, { toCIDR: ['1.2.3.4'] }] }));
  for (const version of ['v1.18', 'v1.19', 'v1.20']) {
    expect(errors.filter((error) => error.endsWith(`[CRD of cilium/${version}]`))).toEqual([
      expect.stringContaining('/spec/egress/0/toPorts/0 must NOT have additional properties: port'),
      expect.stringContaining('/spec/egress/1/toCIDR/0 must match format "cidr"'),
    ]);
  }
  const kafka = cilium({ ingress: [{ toPorts: [{ ports: [{ port: '9092', protocol: 'TCP' }], rules: { kafka: [{ topic: 'orders' }] } }] }] });
  expect(schemaErrors(kafka, '1.20')).toContainEqual(expect.stringMatching(/kafka \[CRD of cilium\/v1\.20\]/));
  expect(schemaErrors(long, '3.33')).toContainEqual(expect.stringMatching(/\[CRD of calico\/v3\.33\]/));
  expect(schemaErrors({ ...long, spec: { ...long.spec, order: 'x' } }, '3.31')).toContainEqual(expect.stringMatching(/\[CRD of calico\/v3\.32\.1\]/));
  const domains = schemaErrors(rules({ action: 'Allow', destination: { domains: ['x.y'] } }));
  for (const version of ['v3.32.1', 'v3.33']) {
    expect(domains).toContainEqual(expect.stringContaining(`additional properties: domains [CRD of calico/${version}]`));
  }
});
