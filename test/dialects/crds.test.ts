import { atVersion, FieldTree, isIn, ObjectField } from '../../src/dialects/field-tree';
import { fieldTreeOf, readCrd } from '../support/schemas';

/**
 * Every field tree against the published CRDs of every version: a new release of a CNI shows here as a difference, and is answered by a
 * change of data. Calico before 3.32 and CiliumEgressGatewayPolicy are not compared: their CRDs are not at hand.
 */
const PUBLISHED = [
  ...['1.18', '1.19', '1.20'].flatMap(version => ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'CiliumCIDRGroup']
    .map(kind => ({ source: `cilium/v${version}`, apiVersion: 'cilium.io/v2', kind, version }))),
  ...['1.18', '1.20'].map(version => ({ source: `cilium/v${version}`, apiVersion: 'cilium.io/v2alpha1', kind: 'CiliumCIDRGroup', version })),
  ...[['3.32', 'calico/v3.32.1'], ['3.33', 'calico/v3.33']].flatMap(([version, source]) => [
    'NetworkPolicy', 'GlobalNetworkPolicy', 'StagedNetworkPolicy', 'StagedGlobalNetworkPolicy', 'StagedKubernetesNetworkPolicy',
    'Tier', 'NetworkSet', 'GlobalNetworkSet',
  ].map(kind => ({ source, apiVersion: 'projectcalico.org/v3', kind, version }))),
  ...['standard', 'experimental'].flatMap(channel => [
    { source: `network-policy-api/v0.2.0/${channel}`, apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', version: '0.2' },
    ...['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'].map(kind =>
      ({ source: `network-policy-api/v0.1.8/${channel}`, apiVersion: 'policy.networking.k8s.io/v1alpha1', kind, version: '0.1' })),
  ]),
];

interface Known {
  /** Of the sources. */
  readonly source: RegExp;
  readonly difference: RegExp;
  readonly because: string;
}

/** Where a tree says something else than the CRD on purpose. Every row must be needed. */
const KNOWN: readonly Known[] = [
  { source: /cilium/, difference: /\.ports\[\]\.port: (pattern is|maxLength is 15)/, because: 'the agent refuses what the half-open pattern lets through' },
  { source: /cilium/, difference: /Deny\[\]\.toPorts\[\]\.ports: maxItems is 40, in the CRD absent/, because: 'the agent has the limit in deny rules too' },
  { source: /cilium/, difference: /\.icmps\[\]\.fields\[\]\.type: (pattern|min|max) is/, because: 'the agent bounds numbers, and knows ExtendedEchoReply without a space' },
  { source: /cilium\/v1\.20/, difference: /serverNames\[\]: pattern is "a server name/, because: 'the same pattern, under another name' },
  { source: /cilium/, difference: /cidrGroupRef: minLength is 1, in the CRD absent/, because: 'the pattern asks for it' },
  { source: /cilium/, difference: /^\w+: atLeastOneOf is spec, specs, in the CRD absent/, because: 'the agent asks for it; the CRD says so in CEL, since 1.20' },
  { source: /./, difference: /maxLength is 64, in the CRD absent/, because: 'no CIDR is longer; bounds what the pattern sees' },
  { source: /calico/, difference: /(nets|notNets)\[\]: pattern is "a CIDR/, because: 'Calico refuses anything else' },
  { source: /calico/, difference: /(ports|notPorts)\[\]: (pattern|min|max) is/, because: 'Calico refuses anything else' },
  { source: /calico/, difference: /\.(protocol|notProtocol): (enum|min|max) is/, because: 'Calico refuses anything else' },
  { source: /calico/, difference: /\.services(: required is name|\.name: minLength is 1), in the CRD absent/, because: 'Calico asks for a name; 3.33 in CEL' },
  { source: /calico\/v3\.32/, difference: /\.services\.(name|namespace): maxLength is 253, in the CRD absent/, because: 'no name is longer' },
  { source: /calico/, difference: /\.http\.paths\[\](: exactlyOneOf|\.(exact|prefix): pattern) is/, because: 'Calico refuses anything else' },
  { source: /calico/, difference: /^Tier\.spec\.defaultAction: enum is "?.*"Deny.*"Pass/, because: 'Calico refuses anything else' },
  {
    source: /calico/,
    difference: /^StagedKubernetesNetworkPolicy\.spec\.(podSelector|ingress|egress|policyTypes).*(enum|pattern|min|max|maxLength|atLeastOneOf|minLength) is .*, in the CRD absent/,
    because: 'what the API server asks of a NetworkPolicy, which it will become',
  },
  {
    source: /network-policy-api/,
    difference: /(matchLabels\{\}: (maxLength|pattern)|matchExpressions\[\]\.operator: enum) is .*, in the CRD absent/,
    because: 'what every API server and controller asks of a label selector',
  },
  {
    source: /network-policy-api\/.*\/standard/,
    difference: /(\.to\[\]: exactlyOneOf is|\.ports\[\]: exactlyOneOf is|\.(nodes|domainNames|namedPort): not in the CRD)/,
    because: 'fields of the experimental channel',
  },
  { source: /network-policy-api/, difference: /[nN]amedPort: (maxLength|pattern) is .*, in the CRD absent/, because: 'no port has another name' },
  { source: /network-policy-api/, difference: /networks\[\]: pattern is .*, in the CRD absent/, because: 'the CRD says so in CEL' },
  { source: /v0\.1\.8/, difference: /\.protocol: enum is .*, in the CRD absent/, because: 'no other protocol has ports there' },
  { source: /v0\.1\.8/, difference: /portNumber: required is port, in the CRD port, protocol/, because: 'the API server fills in the default, TCP' },
];

/** Patterns of CRDs, and what our pattern for them calls itself. A pattern that is new needs to be looked at. */
const PATTERNS: { readonly [pattern: string]: string | undefined } = {
  'format cidr': 'a CIDR such as 10.0.0.0/8',
  // Kubernetes knows no such format: Cilium's hosts are regular expressions.
  'format idn-hostname': undefined,
  'format int32': undefined,
  '^.*': undefined,
  '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$': 'a label value (letters and digits, inside also - _ .)',
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$': 'a DNS subdomain (lower case letters, digits, inner dashes and dots)',
  '^([-a-zA-Z0-9_]+[.]?)+$': 'a domain name',
  '^([-a-zA-Z0-9_*]+[.]?)+$': 'a domain name, in which * may stand',
  '^(\\*?\\*\\.)?([-a-zA-Z0-9_]+\\.?)+$': 'a server name, which may begin with *. (* elsewhere since Cilium 1.20)',
  '^\\PC*$': 'printable text',
  // `A-z` is a slip of theirs, which lets in brackets.
  '^(\\*\\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\\.?$':
    'a domain name, whose only wildcard is a leading "*."',
};

interface Place {
  readonly at: string;
  readonly version: string;
}

function differences(schema: any, field: FieldTree, place: Place): string[] {
  const tree = atVersion(field, place.version);
  const type = typeOf(schema);
  if (type !== tree.type) { return [`${place.at}: type is ${tree.type}, in the CRD ${type}`]; }
  const found = limits(schema, tree, place);
  const inside = (what: string): Place => ({ ...place, at: place.at + what });
  switch (tree.type) {
    case 'array': return [...found, ...differences(schema.items, tree.of, inside('[]'))];
    case 'map': return [...found, ...differences(schema.additionalProperties, tree.of, inside('{}'))];
    case 'object': return [...found, ...objectDifferences(schema, tree, place)];
    default: return found;
  }
}

function typeOf(schema: any): string {
  if (schema['x-kubernetes-int-or-string']) { return 'intOrString'; }
  return schema.type === 'object' && schema.additionalProperties ? 'map' : schema.type;
}

const LIMITS: readonly (readonly [ours: string, theirs: string])[] = [
  ['min', 'minimum'], ['max', 'maximum'], ['minItems', 'minItems'], ['maxItems', 'maxItems'], ['minLength', 'minLength'], ['maxLength', 'maxLength'],
];

function limits(schema: any, tree: any, { at, version }: Place): string[] {
  const same = (what: string, ours: unknown, theirs: unknown): string[] => {
    const [a, b] = [ours, theirs].map(value => JSON.stringify(Array.isArray(value) ? [...value].sort() : value) ?? 'absent');
    return a === b ? [] : [`${at}: ${what} is ${a}, in the CRD ${b}`];
  };
  const values = tree.enum?.filter((value: string) => isIn(tree.enumVersions?.[value] ?? {}, version));
  return [
    ...LIMITS.flatMap(([ours, theirs]) => same(ours, tree[ours], theirs === 'minItems' ? absentIfZero(schema[theirs]) : schema[theirs])),
    ...same('enum', values, schema.enum),
    ...(tree.type === 'array' ? same('unique', tree.unique ?? false, schema['x-kubernetes-list-type'] === 'set') : []),
    ...(tree.type === 'string' || tree.type === 'intOrString' ? same('pattern', tree.hint, theirPattern(schema)) : []),
  ];
}

/** None, and none that says anything. */
const absentIfZero = (value: unknown): unknown => (value === 0 ? undefined : value);

const theirPattern = ({ pattern, format }: any): string | undefined => {
  const theirs = pattern ?? (format === undefined ? undefined : `format ${format}`);
  return theirs === undefined ? undefined : theirs in PATTERNS ? PATTERNS[theirs] : theirs;
};

function objectDifferences(schema: any, tree: ObjectField, { at, version }: Place): string[] {
  const ours = Object.keys(tree.fields).filter(name => isIn(tree.fields[name], version));
  const theirs = Object.keys(schema.properties ?? {});
  // The other way to say that there must be one.
  const one = schema.minProperties === 1 && (schema.maxProperties ?? 1) === 1;
  const rule = (what: string, own: readonly string[] | undefined, their: readonly string[] | undefined): string[] => {
    const [a, b] = [(own ?? []).filter(name => ours.includes(name)), their ?? []].map(names => [...names].sort().join(', '));
    return a === b ? [] : [`${at}: ${what} is ${a || 'absent'}, in the CRD ${b || 'absent'}`];
  };
  const alternatives = (list?: any[]) => list?.flatMap(each => each.required);
  return [
    ...rule('required', tree.required, one && theirs.length === 1 ? theirs : schema.required),
    ...rule('exactlyOneOf', tree.exactlyOneOf, one && theirs.length > 1 ? theirs : alternatives(schema.oneOf)),
    ...rule('atLeastOneOf', tree.atLeastOneOf, alternatives(schema.anyOf)),
    ...theirs.filter(name => !ours.includes(name)).map(name => `${at}.${name}: missing in the tree`),
    ...ours.filter(name => !theirs.includes(name)).map(name => `${at}.${name}: not in the CRD`),
    ...theirs.filter(name => ours.includes(name)).flatMap(name => differences(schema.properties[name], tree.fields[name], { at: `${at}.${name}`, version })),
  ];
}

/** Without what every document has, and without what only servers write. */
function ofDocument(schema: any, tree: FieldTree, place: Place): string[] {
  if (tree.type !== 'object') { throw new Error('a document is an object'); }
  const { apiVersion: _a, kind: _k, metadata: _m, status: _s, ...properties } = schema.properties;
  const { apiVersion: _ta, kind: _tk, metadata: _tm, ...fields } = tree.fields;
  const body = (names: readonly string[] = []) => names.filter(name => Object.hasOwn(properties, name));
  return differences(
    { ...schema, properties, required: body(schema.required) },
    { ...tree, fields, required: body(tree.required) },
    place);
}

const unknownOf = (source: string, found: readonly string[]): string[] =>
  found.filter(each => !KNOWN.some(known => known.source.test(source) && known.difference.test(each)));

const COMPARED = PUBLISHED.flatMap(each => {
  const [schema, tree] = [readCrd(each.source, each.apiVersion, each.kind), fieldTreeOf(each.apiVersion, each.kind)];
  return schema && tree ? [{ ...each, schema, tree }] : [];
});

// Elsewhere than beside the CRDs there is nothing to compare with.
(COMPARED.length > 0 ? describe : describe.skip)('beside the published CRDs', () => {
  test.each(COMPARED.length > 0 ? COMPARED : PUBLISHED.map(each => ({ ...each, schema: {}, tree: {} as FieldTree })))(
    'the field tree of $apiVersion $kind is the CRD of $source', ({ source, kind, version, schema, tree }) => {
      expect(unknownOf(source, ofDocument(schema, tree, { at: kind, version }))).toEqual([]);
    });

  test('of the next Cilium, one thing is missing', () => {
    const source = 'cilium/main-1.21-dev';
    const [schema, tree] = [readCrd(source, 'cilium.io/v2', 'CiliumNetworkPolicy'), fieldTreeOf('cilium.io/v2', 'CiliumNetworkPolicy')!];
    const found = unknownOf('cilium/v1.20', ofDocument(schema, tree, { at: 'CiliumNetworkPolicy', version: '1.21' }));
    expect(new Set(found.map(each => each.split('.').slice(-1)[0]))).toEqual(new Set(['managedPrefixList: missing in the tree']));
  });

  test('every difference that is known is there', () => {
    const all = COMPARED.flatMap(({ source, kind, version, schema, tree }) =>
      ofDocument(schema, tree, { at: kind, version }).map(each => ({ source, each })));
    const idle = KNOWN.filter(known => !all.some(({ source, each }) => known.source.test(source) && known.difference.test(each)));
    expect(idle.filter(({ source }) => COMPARED.some(each => source.test(each.source)))).toEqual([]);
  });

  test('a CRD that changes shows as a difference', () => {
    const { source, kind, version, schema, tree } = COMPARED.find(each => each.kind === 'CiliumNetworkPolicy' && each.version === '1.20')!;
    const changed = JSON.parse(JSON.stringify(schema));
    const { egress, ingress } = changed.properties.spec.properties;
    egress.items.properties.toPlanets = { type: 'array', items: { type: 'string' } };
    egress.items.properties.toEntities.items.enum.push('moon');
    delete egress.items.properties.toFQDNs;
    ingress.items.required = ['fromEndpoints'];
    ingress.items.properties.toPorts.items.properties.ports.items.properties.endPort.type = 'string';
    changed.properties.spec.properties.log.properties.value.pattern = '^x$';
    expect(unknownOf(source, ofDocument(changed, tree, { at: kind, version }))).toEqual([
      expect.stringContaining('spec.egress[].toPlanets: missing in the tree'),
      expect.stringContaining('spec.egress[].toFQDNs: not in the CRD'),
      expect.stringContaining('spec.egress[].toEntities[]: enum is'),
      expect.stringContaining('spec.ingress[]: required is absent, in the CRD fromEndpoints'),
      expect.stringContaining('spec.ingress[].toPorts[].ports[].endPort: type is integer, in the CRD string'),
      expect.stringContaining('spec.log.value: pattern is "printable text", in the CRD "^x$"'),
    ]);
  });
});
