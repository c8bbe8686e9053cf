import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { anp, banp, cnp } from './support';
import { clusterNetworkPolicy, EXPERIMENTAL_FIELDS } from '../../../src/dialects/cluster-network-policy';
import { CLUSTER_NETWORK_POLICY_FIELDS } from '../../../src/dialects/cluster-network-policy/fields';
import { checkFields, FieldTree, ObjectField } from '../../../src/dialects/field-tree';

const CRDS = path.resolve(__dirname, '../../../../shared/crds/network-policy-api');

const FILES: readonly [string, string, string][] = [
  ['ClusterNetworkPolicy', 'v0.2.0', 'policy.networking.k8s.io_clusternetworkpolicies.yaml'],
  ['AdminNetworkPolicy', 'v0.1.8', 'policy.networking.k8s.io_adminnetworkpolicies.yaml'],
  ['BaselineAdminNetworkPolicy', 'v0.1.8', 'policy.networking.k8s.io_baselineadminnetworkpolicies.yaml'],
];

const specOf = (version: string, channel: string, file: string): any => {
  const crd: any = yaml.load(fs.readFileSync(path.join(CRDS, version, channel, file), 'utf8'));
  return crd.spec.versions[0].schema.openAPIV3Schema.properties.spec;
};
const treeOf = (kind: string): FieldTree => (CLUSTER_NETWORK_POLICY_FIELDS[kind] as ObjectField).fields.spec;

/** One line for each field: its path and what bounds it, as the CRD has it. */
function crdLines(node: any, at: string): string[] {
  const bounds = ['minItems', 'maxItems', 'minimum', 'maximum', 'maxLength'].filter(key => node[key] !== undefined).map(key => `${key} ${node[key]}`);
  const facts = [
    ...bounds,
    ...(node.enum ? [`enum ${[...node.enum].sort()}`] : []),
    ...(node['x-kubernetes-list-type'] === 'set' ? ['set'] : []),
    ...(node.minProperties === 1 && node.maxProperties === 1 ? ['exactly one'] : []),
  ];
  const below = node.items ? crdLines(node.items, `${at}[]`) : Object.entries(node.properties ?? {}).flatMap(([name, each]) => crdLines(each, `${at}.${name}`));
  return [`${at}: ${facts.join(', ')}`, ...below].filter(isCompared);
}

function treeLines(tree: FieldTree, at: string): string[] {
  switch (tree.type) {
    case 'object': return [
      `${at}: ${tree.exactlyOneOf ? 'exactly one' : ''}`,
      ...Object.entries(tree.fields).flatMap(([name, each]) => treeLines(each, `${at}.${name}`)),
    ].filter(isCompared);
    case 'array': return [
      `${at}: ${[...bound('minItems', tree.minItems), ...bound('maxItems', tree.maxItems), ...(tree.unique ? ['set'] : [])].join(', ')}`,
      ...treeLines(tree.of, `${at}[]`),
    ].filter(isCompared);
    case 'integer': return [`${at}: ${[...bound('minimum', tree.min), ...bound('maximum', tree.max)].join(', ')}`];
    case 'string': return [`${at}: ${[...bound('maxLength', tree.maxLength), ...(tree.enum ? [`enum ${[...tree.enum].sort()}`] : [])].join(', ')}`].filter(isCompared);
    default: return [`${at}: `].filter(isCompared);
  }
}

const bound = (name: string, value: number | undefined): string[] => (value === undefined ? [] : [`${name} ${value}`]);

/** Selectors are Kubernetes' own; names and protocols are bounded by prose only. */
const isCompared = (line: string): boolean => !/\.match(Labels|Expressions)|[nN]amedPort:|\.protocol:/.test(line);

const describeCrds = fs.existsSync(CRDS) ? describe : describe.skip;

describeCrds('the CRDs', () => {
  test.each(FILES)('of %s have the fields of the tree, with the same bounds', (kind, version, file) => {
    const lines = treeLines(treeOf(kind), 'spec').sort();
    expect(lines).toEqual(crdLines(specOf(version, 'experimental', file), 'spec').sort());
    expect(lines.length).toBeGreaterThan(20);
  });

  test.each(FILES)('of %s lack in the standard channel what is marked as experimental', (kind, version, file) => {
    const pathsOf = (node: any, at: string): string[] => [at, ...(node.items
      ? pathsOf(node.items, `${at}[]`)
      : Object.entries(node.properties ?? {}).flatMap(([name, each]) => pathsOf(each, `${at}.${name}`)))];
    const [all, standard] = ['experimental', 'standard'].map(channel => pathsOf(specOf(version, channel, file), 'spec'));
    const more = all.filter(each => !standard.includes(each));
    const isBelow = (each: string) => more.some(other => each.startsWith(`${other}.`) || each.startsWith(`${other}[`));
    expect(more.filter(each => !isBelow(each)).sort()).toEqual([...EXPERIMENTAL_FIELDS[kind]].sort());
  });

  test.each(FILES)('of %s require what the tree requires', (kind, version, file) => {
    const required = (node: any, at: string): string[] => [
      ...(node.required ?? []).map((name: string) => `${at}.${name}`),
      ...(node.items ? required(node.items, `${at}[]`) : Object.entries(node.properties ?? {}).flatMap(([name, each]) => required(each, `${at}.${name}`))),
    ];
    const inTree = (tree: FieldTree, at: string): string[] => (tree.type === 'array' ? inTree(tree.of, `${at}[]`) : tree.type !== 'object' ? [] : [
      ...(tree.required ?? []).map(name => `${at}.${name}`), ...Object.entries(tree.fields).flatMap(([name, each]) => inTree(each, `${at}.${name}`)),
    ]);
    // A protocol without a port is refused since it is empty; a protocol that is absent is TCP before anything is checked.
    const own = inTree(treeOf(kind), 'spec').filter(each => !/\.(tcp|udp|sctp)\.destinationPort$/.test(each));
    expect(own.sort()).toEqual(required(specOf(version, 'experimental', file), 'spec').filter(each => !each.endsWith('.portNumber.protocol')).sort());
  });
});

const rules = { ingress: [{ name: 'all', action: 'Deny', from: [{ namespaces: {} }] }] };

test.each([
  ['ClusterNetworkPolicy', cnp({
    ...rules,
    egress: [{
      action: 'Accept',
      to: [{ networks: ['10.0.0.0/8', '::/0'] }, { nodes: {} }, { domainNames: ['*.example.com', 'a.example.'] }, { pods: { podSelector: {} } }],
      protocols: [{ tcp: { destinationPort: { number: 80 } } }, { udp: { destinationPort: { range: { start: 1, end: 65535 } } } }],
    }],
  })],
  ['AdminNetworkPolicy', anp({
    ...rules,
    egress: [{
      action: 'Allow',
      to: [{ pods: { namespaceSelector: {}, podSelector: {} } }],
      ports: [{ portNumber: { port: 80 } }, { portRange: { protocol: 'UDP', start: 1, end: 2 } }, { namedPort: 'http' }],
    }],
  })],
  ['BaselineAdminNetworkPolicy', banp(rules)],
])('a whole %s fits', (kind, document) => {
  expect(checkFields(clusterNetworkPolicy.fields[kind], document)).toEqual([]);
  expect(clusterNetworkPolicy.read(document).length).toBeGreaterThan(0);
});

test.each<[string, string, any, RegExp]>([
  ['a namespace', 'ClusterNetworkPolicy', { ...cnp(rules), metadata: { name: 'a', namespace: 'b' } }, /metadata.namespace: unknown field/],
  ['the word of the older version', 'ClusterNetworkPolicy', cnp({ ingress: [{ action: 'Allow', from: [{ namespaces: {} }] }] }), /must be one of Accept, Deny, Pass/],
  ['an empty protocol', 'ClusterNetworkPolicy', cnp({ ingress: [{ action: 'Deny', from: [{ namespaces: {} }], protocols: [{ tcp: {} }] }] }), /destinationPort: is required/],
  ['two peers in one', 'ClusterNetworkPolicy', cnp({ ingress: [{ action: 'Deny', from: [{ namespaces: {}, pods: { podSelector: {} } }] }] }), /exactly one of namespaces, pods/],
  ['an address for ingress', 'ClusterNetworkPolicy', cnp({ ingress: [{ action: 'Deny', from: [{ networks: ['10.0.0.0/8'] }] }] }), /networks: unknown field/],
  ['ports in v1alpha2', 'ClusterNetworkPolicy', cnp({ ingress: [{ action: 'Deny', from: [{ namespaces: {} }], ports: [] }] }), /ports: unknown field/],
  ['a wildcard inside', 'ClusterNetworkPolicy', cnp({ egress: [{ action: 'Accept', to: [{ domainNames: ['a.*.example.com'] }] }] }), /must be a domain name/],
  ['a bracket in a name', 'ClusterNetworkPolicy', cnp({ egress: [{ action: 'Accept', to: [{ domainNames: ['[a.example.com'] }] }] }), /must be a domain name/],
  ['a priority beyond 1000', 'AdminNetworkPolicy', anp({ priority: 1001 }), /priority: must be at most 1000/],
  ['domain names in a baseline', 'BaselineAdminNetworkPolicy', banp({ egress: [{ action: 'Allow', to: [{ domainNames: ['a.b'] }] }] }), /domainNames: unknown field/],
  ['a baseline of another name', 'BaselineAdminNetworkPolicy', banp(rules, 'other'), /name: must be "default"/],
])('%s does not fit', (_name, kind, document, error) => {
  expect(checkFields(clusterNetworkPolicy.fields[kind], document).join('\n')).toMatch(error);
});

test('a long domain name that does not fit is refused in no time', () => {
  const started = Date.now();
  expect(checkFields(clusterNetworkPolicy.fields.ClusterNetworkPolicy, cnp({ egress: [{ action: 'Accept', to: [{ domainNames: [`${'a-'.repeat(100_000)}!`] }] }] }))).toHaveLength(1);
  expect(Date.now() - started).toBeLessThan(1000);
});
