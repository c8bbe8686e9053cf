import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { kubernetes } from '../../../src/dialects/kubernetes';
import { address, allOf, ANY, anyOf, EndpointExpr, inNamespace, labelExists, labelIn, not, POD } from '../../../src/model/endpoint';
import { Direction, Policy } from '../../../src/model/policy-set';
import { ALL_TRAFFIC, allOfProtocol, namedPort, portRange, TrafficBox } from '../../../src/model/traffic';

const documentOf = (spec: unknown, metadata: object = { name: 'web', namespace: 'shop' }) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec });
const read = (spec: unknown): Policy[] => kubernetes.read(documentOf(spec));
const SHOP = allOf(POD, inNamespace('shop'));

/** The only policy of a direction. */
function side(direction: Direction, spec: object): Policy {
  const found = read(spec).filter(policy => policy.direction === direction);
  expect(found).toHaveLength(1);
  return found[0];
}

test('a document becomes a policy for each direction that it isolates', () => {
  const document = documentOf({
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Egress', 'Ingress'],
    ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }],
    egress: [{}, { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }],
  });
  const origin = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', namespace: 'shop', name: 'web', at: 'shop.yaml:7' };
  const common = { origin, stage: 'normal', order: [], mode: 'enforce', subject: allOf(SHOP, labelIn('pod', 'app', 'web')), isolates: true };
  expect(kubernetes.read(document, 'shop.yaml:7')).toEqual([
    {
      ...common,
      direction: 'ingress',
      rules: [{ action: 'allow', match: { source: SHOP, destination: ANY, traffic: [portRange('TCP', 80)] }, origin: { ...origin, part: 'ingress[0]' } }],
    },
    {
      ...common,
      direction: 'egress',
      rules: [
        { action: 'allow', match: { source: ANY, destination: ANY, traffic: ALL_TRAFFIC }, origin: { ...origin, part: 'egress[0]' } },
        { action: 'allow', match: { source: ANY, destination: address('10.0.0.0/8'), traffic: ALL_TRAFFIC }, origin: { ...origin, part: 'egress[1]' } },
      ],
    },
  ]);
});

describe('what the API server fills in', () => {
  test.each<[string, object, Direction[]]>([
    ['no policyTypes and no rules', {}, ['ingress']],
    ['no policyTypes and ingress rules', { ingress: [{}] }, ['ingress']],
    ['no policyTypes and egress rules', { egress: [{}] }, ['ingress', 'egress']],
    ['no policyTypes and an empty list of egress rules', { egress: [] }, ['ingress']],
    ['an empty list of policyTypes', { policyTypes: [], egress: [{}] }, ['ingress', 'egress']],
    ['policyTypes null', { policyTypes: null }, ['ingress']],
    ['only Egress', { policyTypes: ['Egress'] }, ['egress']],
    ['only Egress, in spite of ingress rules', { policyTypes: ['Egress'], ingress: [{}] }, ['egress']],
    ['only Ingress, in spite of egress rules', { policyTypes: ['Ingress'], egress: [{}] }, ['ingress']],
    ['one of them twice', { policyTypes: ['Ingress', 'Ingress'] }, ['ingress']],
  ])('%s', (_name, spec, directions) => {
    expect(read({ podSelector: {}, ...spec }).filter(({ mode }) => mode === 'enforce').map(({ direction }) => direction)).toEqual(directions);
  });

  test('rules that policyTypes leaves out are kept, and without a say save in Cilium', () => {
    const [ingress, egress] = read({ podSelector: {}, policyTypes: ['Egress'], ingress: [{}] });
    expect([ingress.direction, ingress.mode, ingress.rules.length, egress.mode]).toEqual(['ingress', 'void', 1, 'enforce']);
    expect(ingress.voidBecause).toContain('policyTypes');
  });

  test.each<[string, unknown]>([
    ['an empty podSelector', { podSelector: {} }],
    ['no podSelector', { policyTypes: ['Ingress'] }],
    ['a podSelector that is null', { podSelector: null }],
    ['an empty spec', {}],
    ['no spec', undefined],
  ])('%s selects every pod of the namespace', (_name, spec) => {
    expect(read(spec)[0].subject).toEqual(SHOP);
  });

  test('the namespace is default where none is stated', () => {
    const [policy] = kubernetes.read(documentOf({ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }, { name: 'web' }));
    expect(policy.origin.namespace).toBe('default');
    expect(policy.subject).toEqual(allOf(POD, inNamespace('default')));
    expect(policy.rules[0].match.source).toEqual(allOf(POD, inNamespace('default')));
  });

  test('a server\'s own fields are passed over', () => {
    const document = { ...documentOf({ podSelector: {} }, { name: 'web', namespace: 'shop', uid: 'x', managedFields: [], labels: {} }), status: {} };
    expect(kubernetes.read(document)).toHaveLength(1);
  });
});

describe('rules', () => {
  test.each<[string, unknown]>([['absent', undefined], ['null', null], ['an empty list', []]])('%s allow nothing', (_name, ingress) => {
    expect(side('ingress', { podSelector: {}, ingress }).rules).toEqual([]);
  });

  test('a rule without peers and ports allows everything', () => {
    for (const rule of [{}, { from: [], ports: [] }, { from: null, ports: null }]) {
      expect(side('ingress', { podSelector: {}, ingress: [rule] }).rules[0].match).toEqual({ source: ANY, destination: ANY, traffic: ALL_TRAFFIC });
    }
  });

  test('peers are alternatives', () => {
    const { rules: [rule] } = side('egress', { podSelector: {}, egress: [{ to: [{ podSelector: {} }, { namespaceSelector: {} }] }] });
    expect(rule.match).toEqual({ source: ANY, destination: anyOf(SHOP, POD), traffic: ALL_TRAFFIC });
  });
});

describe('a peer', () => {
  test.each<[string, object, EndpointExpr]>([
    ['podSelector alone is of the own namespace', { podSelector: { matchLabels: { app: 'web' } } }, allOf(SHOP, labelIn('pod', 'app', 'web'))],
    ['an empty podSelector is every pod of the own namespace', { podSelector: {} }, SHOP],
    ['namespaceSelector alone is every pod of these namespaces', { namespaceSelector: { matchLabels: { team: 'red' } } }, allOf(POD, labelIn('namespace', 'team', 'red'))],
    ['an empty namespaceSelector is every pod, and nothing outside', { namespaceSelector: {} }, POD],
    ['both must hold', { namespaceSelector: { matchLabels: { team: 'red' } }, podSelector: { matchLabels: { app: 'web' } } },
      allOf(POD, labelIn('namespace', 'team', 'red'), labelIn('pod', 'app', 'web'))],
    ['an empty namespaceSelector widens a podSelector', { namespaceSelector: {}, podSelector: { matchLabels: { app: 'web' } } }, allOf(POD, labelIn('pod', 'app', 'web'))],
    ['a selector that is null is absent', { namespaceSelector: null, podSelector: {} }, SHOP],
    ['In', { podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] } }, allOf(SHOP, labelIn('pod', 'app', 'web', 'api'))],
    ['NotIn', { podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] } }, allOf(SHOP, not(labelIn('pod', 'app', 'web')))],
    ['Exists', { podSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } }, allOf(SHOP, labelExists('pod', 'app'))],
    ['DoesNotExist', { namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'DoesNotExist', values: [] }] } }, allOf(POD, not(labelExists('namespace', 'team')))],
    ['an empty label value', { podSelector: { matchLabels: { app: '' } } }, allOf(SHOP, labelIn('pod', 'app', ''))],
    ['a range', { ipBlock: { cidr: '10.0.0.0/8' } }, address('10.0.0.0/8')],
    ['a range with exceptions', { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.2.0.1/32'] } }, address('10.0.0.0/8', ['10.1.0.0/16', '10.2.0.1/32'])],
    ['a range of IPv6, in its canonical form', { ipBlock: { cidr: '2001:DB8:0::/32', except: ['2001:db8:1::/48'] } }, address('2001:db8::/32', ['2001:db8:1::/48'])],
  ])('%s', (_name, peer, expected) => {
    expect(side('ingress', { podSelector: {}, ingress: [{ from: [peer] }] }).rules[0].match.source).toEqual(expected);
    expect(side('egress', { podSelector: {}, egress: [{ to: [peer] }] }).rules[0].match.destination).toEqual(expected);
  });
});

describe('a port', () => {
  test.each<[string, object, TrafficBox]>([
    ['is TCP when it does not say', { port: 80 }, portRange('TCP', 80)],
    ['of a protocol', { port: 53, protocol: 'UDP' }, portRange('UDP', 53)],
    ['all of a protocol', { protocol: 'SCTP' }, allOfProtocol('SCTP')],
    ['that says nothing is all of TCP', {}, allOfProtocol('TCP')],
    ['range', { port: 8080, endPort: 8090 }, portRange('TCP', 8080, 8090)],
    ['range of one', { port: 8080, endPort: 8080 }, portRange('TCP', 8080)],
    ['name', { port: 'http', protocol: 'TCP' }, namedPort('TCP', 'http')],
  ])('%s', (_name, port, expected) => {
    expect(side('ingress', { podSelector: {}, ingress: [{ ports: [port] }] }).rules[0].match.traffic).toEqual([expected]);
  });

  test('several are alternatives', () => {
    expect(side('ingress', { podSelector: {}, ingress: [{ ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }] }] }).rules[0].match.traffic)
      .toEqual([portRange('TCP', 80), portRange('UDP', 53)]);
  });
});

describe('a document that is not what it says it is', () => {
  const peer = (value: unknown) => ({ podSelector: {}, ingress: [{ from: [value] }] });
  const port = (value: unknown) => ({ podSelector: {}, ingress: [{ ports: [value] }] });
  const block = (ipBlock: unknown) => peer({ ipBlock });
  const expressions = (value: unknown) => ({ podSelector: { matchExpressions: [value] } });

  test.each<[string, unknown, string]>([
    ['a spec that is a list', [], 'spec: must be an object, got []'],
    ['a field that does not exist', { podSelector: {}, Ingress: [] }, 'spec.Ingress: this field is not known here (known: podSelector, policyTypes, ingress, egress)'],
    ['rules that are an object', { podSelector: {}, ingress: {} }, 'spec.ingress: must be a list, got {}'],
    ['a rule that is null', { podSelector: {}, ingress: [null] }, 'spec.ingress[0]: must be an object, got null'],
    ['`to` in ingress', { podSelector: {}, ingress: [{ to: [] }] }, 'spec.ingress[0].to: this field is not known here (known: from, ports)'],
    ['`from` in egress', { podSelector: {}, egress: [{}, { from: [] }] }, 'spec.egress[1].from: this field is not known here (known: to, ports)'],
    ['a policy type in lower case', { podSelector: {}, policyTypes: ['ingress'] }, 'spec.policyTypes[0]: must be one of Ingress, Egress, got "ingress"'],
    ['a peer that says nothing', peer({}), 'spec.ingress[0].from[0]: a peer needs podSelector, namespaceSelector or ipBlock'],
    ['a peer that is a string', peer('10.0.0.0/8'), 'spec.ingress[0].from[0]: must be an object, got "10.0.0.0/8"'],
    ['a peer of another dialect', peer({ serviceAccounts: {} }), 'spec.ingress[0].from[0].serviceAccounts: this field is not known here'],
    ['a range beside a selector', peer({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }), 'spec.ingress[0].from[0]: ipBlock may not stand beside a selector'],
    ['a range without cidr', block({}), 'spec.ingress[0].from[0].ipBlock.cidr: must be a string, got nothing'],
    ['an address that is no range', block({ cidr: '10.0.0.1' }), 'spec.ingress[0].from[0].ipBlock.cidr: "10.0.0.1" has no prefix length; did you mean "10.0.0.1/32"?'],
    ['bits beyond the prefix', block({ cidr: '10.0.0.1/8' }), '"10.0.0.1/8" has bits set beyond /8; did you mean "10.0.0.0/8"'],
    ['an exception elsewhere', block({ cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '11.0.0.0/16'] }), 'ipBlock.except[1]: 11.0.0.0/16 must be a part of 10.0.0.0/8'],
    ['an exception of the whole', block({ cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] }), 'ipBlock.except[0]: 10.0.0.0/8 must be a part of 10.0.0.0/8'],
    ['an exception of the other family', block({ cidr: '0.0.0.0/0', except: ['::/1'] }), 'ipBlock.except[0]: ::/1 must be a part of 0.0.0.0/0'],
    ['an exception that is no range', block({ cidr: '10.0.0.0/8', except: ['x'] }), 'ipBlock.except[0]: "x" is not a CIDR'],
    ['exceptions that are a string', block({ cidr: '10.0.0.0/8', except: '10.1.0.0/16' }), 'ipBlock.except: must be a list'],
    ['a protocol without ports', port({ protocol: 'ICMP' }), 'spec.ingress[0].ports[0].protocol: must be one of TCP, UDP, SCTP, got "ICMP"'],
    ['a protocol in lower case', port({ protocol: 'tcp', port: 80 }), 'ports[0].protocol: must be one of TCP, UDP, SCTP, got "tcp"'],
    ['port 0', port({ port: 0 }), 'ports[0].port: must be a whole number from 1 to 65535, got 0'],
    ['a port that is too large', port({ port: 65536 }), 'must be a whole number from 1 to 65535, got 65536'],
    ['half a port', port({ port: 80.5 }), 'must be a whole number from 1 to 65535, got 80.5'],
    ['a number as a string', port({ port: '80' }), 'port name "80" is invalid'],
    ['a port name with capitals', port({ port: 'HTTP' }), 'port name "HTTP" is invalid'],
    ['a port that is a boolean', port({ port: true }), 'ports[0].port: must be a number, got true'],
    ['an end before the beginning', port({ port: 80, endPort: 79 }), 'ports[0].endPort: must be a whole number from 80 to 65535, got 79'],
    ['an end without a beginning', port({ endPort: 80 }), 'ports[0].endPort: endPort needs a port'],
    ['an end after a name', port({ port: 'http', endPort: 80 }), 'ports[0].endPort: endPort needs a port that is a number'],
    ['a label value that is a number', { podSelector: { matchLabels: { app: 1 } } }, 'spec.podSelector.matchLabels[app]: must be a string, got 1'],
    ['a label value that is invalid', { podSelector: { matchLabels: { app: 'a b' } } }, 'label value "a b" of "app" is invalid'],
    ['a label key that is invalid', { podSelector: { matchLabels: { 'k8s:app': 'web' } } }, 'label key "k8s:app" is invalid'],
    ['a selector with a field that does not exist', { podSelector: { app: 'web' } }, 'spec.podSelector.app: this field is not known here (known: matchLabels, matchExpressions)'],
    ['In without values', expressions({ key: 'app', operator: 'In', values: [] }), 'spec.podSelector.matchExpressions[0].values: In needs values'],
    ['NotIn without values', expressions({ key: 'app', operator: 'NotIn' }), 'NotIn needs values'],
    ['Exists with values', expressions({ key: 'app', operator: 'Exists', values: ['web'] }), 'Exists takes no values'],
    ['an operator that does not exist', expressions({ key: 'app', operator: 'Gt', values: ['1'] }), 'must be one of In, NotIn, Exists, DoesNotExist, got "Gt"'],
    ['a requirement without key', expressions({ operator: 'Exists' }), 'matchExpressions[0].key: must be a string, got nothing'],
  ])('%s is an error that says where', (_name, spec, message) => {
    expect(() => read(spec)).toThrow(UnreadableDocument);
    expect(() => read(spec)).toThrow(message);
    expect(() => kubernetes.read(documentOf(spec), 'shop.yaml:7')).toThrow(/^shop.yaml:7: NetworkPolicy shop\/web: /);
  });

  test.each<[string, unknown, string]>([
    ['null', null, 'document: document: must be an object, got null'],
    ['a string', 'kind: NetworkPolicy', 'document: document: must be an object'],
    ['no metadata', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' }, 'document: metadata: must be an object, got nothing'],
    ['no name', documentOf({}, {}), 'document: metadata.name: must be a string, got nothing'],
    ['another kind', { ...documentOf({}), kind: 'Ingress' }, 'Ingress shop/web: kind: this is not a networking.k8s.io/v1 NetworkPolicy'],
    ['another group', { ...documentOf({}), apiVersion: 'projectcalico.org/v3' }, 'NetworkPolicy shop/web: kind: this is not a networking.k8s.io/v1 NetworkPolicy'],
  ])('%s is an error', (_name, document, message) => {
    expect(() => kubernetes.read(document)).toThrow(UnreadableDocument);
    expect(() => kubernetes.read(document)).toThrow(message);
  });

  test('fields of a prototype are not fields', () => {
    const spec = Object.create({ ingress: [{}] }) as object;
    expect(read(spec)[0].rules).toEqual([]);
    expect(read(JSON.parse('{"podSelector": {"matchLabels": {}}, "ingress": [{"from": [{"podSelector": {}}]}]}'))).toHaveLength(1);
    expect(() => read(JSON.parse('{"__proto__": {"policyTypes": ["Egress"]}}'))).toThrow('spec.__proto__: this field is not known here');
  });
});

// Manifests of others, which are no part of the repository.
const CORPUS = path.resolve(__dirname, '../../../../shared/corpus');
const inCorpus = fs.existsSync(CORPUS) ? test : test.skip;

function yamlFiles(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const full = path.join(folder, entry.name);
    return entry.isDirectory() ? yamlFiles(full) : /\.ya?ml$/.test(entry.name) ? [full] : [];
  });
}

/** Some files of a corpus are templates, which are no YAML. */
function documentsOf(file: string): any[] {
  try {
    return yaml.loadAll(fs.readFileSync(file, 'utf8')).flatMap((document: any) => (document?.kind === 'List' ? document.items ?? [] : [document]));
  } catch (error) {
    if (error instanceof yaml.YAMLException) { return []; }
    throw error;
  }
}

inCorpus('every NetworkPolicy of the corpus can be read, written, and read again', () => {
  const found = yamlFiles(CORPUS).flatMap(file => documentsOf(file).map(document => ({ file, document })))
    .filter(({ document }) => document?.apiVersion === 'networking.k8s.io/v1' && document.kind === 'NetworkPolicy');
  expect(found.length).toBeGreaterThan(10);
  const target = { cni: 'kubernetes', cidrMatchesPods: true, cidrMatchesNodes: true, clusterCidrs: [], clusterCidrsComplete: true, denyTier: 'x' };
  for (const { file, document } of found) {
    const policies = kubernetes.read(document, file);
    const documents = kubernetes.write(policies, target);
    expect(kubernetes.write(documents.flatMap(written => kubernetes.read(written)), target)).toEqual(documents);
  }
});
