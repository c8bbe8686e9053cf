import { load } from 'js-yaml';
import { Analysis } from '../../../src/analysis/analysis';
import { damage } from '../../../src/analysis/input/damage';
import { readText } from '../../../src/analysis/input/read-paths';
import { ALL_DIALECTS } from '../../../src/dialects/index';

const POLICY_KINDS = ALL_DIALECTS.flatMap(({ kinds }) => kinds.filter(({ role }) => role === 'policy')).map(({ apiVersion, kind }) => [kind, apiVersion] as const);

/** What an analysis says of one document. */
const problemsOf = (text: string): string[] =>
  Analysis.of(readText(text, 'x.yaml'), { cni: 'kubernetes' }).problems.map(({ at, message }) => `${at}: ${message}`);

const told = (text: string): string | undefined => {
  const found = damage(load(text));
  return found && `${found.path}: ${found.message}`;
};

describe.each(POLICY_KINDS)('a %s of %s', (kind, apiVersion) => {
  const head = `apiVersion: ${apiVersion}\nkind: ${kind}\n`;
  const metadata = 'metadata:\n  name: x\n  namespace: y\n';

  test('without a spec is no policy that says nothing', () => {
    expect(told(`${head}${metadata}`)).toMatch(/^spec: there is none: was the indentation of its fields lost\?/);
    expect(told(`${head}${metadata}spec:\n`)).toMatch(/^spec: it is empty/);
    expect(told(`${head}${metadata}specs:\n`)).toMatch(/^spec: there is none/);
    expect(told(`${head}${metadata}  spec:\n    podSelector: {}\n`)).toMatch(/^spec: there is none: it stands in metadata, where it is indented too far/);
  });

  test('that states nothing on purpose is taken as it is', () => expect(told(`${head}${metadata}spec: {}\n`)).toBeUndefined());

  test('whose fields slid to the top is refused', () => {
    expect(told(`${head}${metadata}spec:\npodSelector: {}\npolicyTypes: [Ingress]\n`)).toMatch(/^podSelector: "podSelector" stands at the top .*indent it under spec/);
    expect(told(`${head}metadata:\nname: x\nspec:\n  podSelector: {}\n`)).toMatch(/^name: "name" stands at the top .*indent it under metadata/);
    expect(told(`${head}${metadata}spec: {}\n\u00a0\u00a0ingress: []\n`)).toMatch(/stands at the top/);
  });

  test('without metadata is refused', () => {
    expect(told(`${head}metadata:\nspec: {}\n`)).toMatch(/^metadata: must be an object with a name, got null/);
    expect(told(`${head}spec: {}\n`)).toMatch(/^metadata: must be an object with a name, got nothing/);
  });

  test('with typographic quotes is refused', () => {
    expect(told(`${head}${metadata}spec:\n  a:\n  - b: [c, “web”]\n`)).toMatch(/^spec\.a\[0\]\.b\[1\]: "“web”" has typographic quotes/);
    expect(told(`${head}${metadata}spec:\n  a:\n  - ‘b’: c\n`)).toMatch(/^spec\.a\[0\]: the key "‘b’" begins or ends with/);
    expect(told(`${head}${metadata}spec:\n  a:\n    b: 1\n  \u00a0c: 2\n`)).toMatch(/^spec: the key ".c" begins or ends with a character of a word processor/);
    expect(told(`${head}metadata: {name: “x”}\nspec: {}\n`)).toMatch(/^metadata\.name: /);
    expect(told(`${head}metadata: {name: x, namespace: ‘y’}\nspec: {}\n`)).toMatch(/^metadata\.namespace: /);
  });

  test('may quote in its free text', () => {
    expect(told(`${head}metadata: {name: x, annotations: {a: “b”}}\nspec:\n  description: “all”\n  a: it’s\n`)).toBeUndefined();
  });

  test('without a version, or of one that nobody serves, is refused', () => {
    expect(told(`kind: ${kind}\n${metadata}spec: {}\n`)).toMatch(/^apiVersion: a \w+ needs one, such as /);
    const group = apiVersion.split('/')[0];
    expect(told(`apiVersion: ${group}/v0\nkind: ${kind}\n${metadata}spec: {}\n`)).toBe(`apiVersion: there is no ${kind} of "${group}/v0"; write ${
      POLICY_KINDS.find(([other, version]) => other === kind && version.startsWith(`${group}/`))![1]}`);
  });
});

describe('what is a policy of somebody else, or none, is not looked at', () => {
  test.each([
    ['the same kind of another group', 'apiVersion: acme.io/v1\nkind: NetworkPolicy\nspec:\npodSelector: {}'],
    ['a policy of Antrea', 'apiVersion: crd.antrea.io/v1beta1\nkind: NetworkPolicy\nmetadata: {name: x}'],
    ['what Calico stores', 'apiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\nmetadata: {name: x}'],
    ['another kind', 'apiVersion: v1\nkind: ConfigMap\ndata: {}'],
    ['a Service', 'apiVersion: v1\nkind: Service\nmetadata: {name: x}\nfoo: bar'],
    ['an EndpointSlice', 'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: x}\naddressType: IPv4\nendpoints: []\nports: []'],
    ['values of a chart', 'ingress: {enabled: true}\nnodeSelector: {}\negress: []\nspec: {replicas: 3}'],
    ['values with hosts', 'ingress:\n- host: a\n'],
    ['a text', 'just a text'],
    ['a list', '- a\n- b'],
    ['an inherited kind', '__proto__: {kind: NetworkPolicy}'],
  ])('%s', (_name, text) => expect(told(text)).toBeUndefined());

  test('extensions/v1beta1 was the group of NetworkPolicy once', () => {
    expect(told('apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata: {name: x}\nspec: {}'))
      .toBe('apiVersion: there is no NetworkPolicy of "extensions/v1beta1"; write networking.k8s.io/v1');
  });

  test('sets and tiers may have no spec, but no fields at the top', () => {
    expect(told('apiVersion: projectcalico.org/v3\nkind: Tier\nmetadata: {name: x}')).toBeUndefined();
    expect(told('apiVersion: projectcalico.org/v3\nkind: GlobalNetworkSet\nmetadata: {name: x}\nspec:\nnets: [10.0.0.0/8]')).toMatch(/^nets: .* a GlobalNetworkSet has/);
  });
});

describe('a part of a policy without its head is no values of a chart', () => {
  test.each([
    ['podSelector: {}\npolicyTypes: [Ingress]', /^podSelector: it stands at the top of a document without a kind/],
    ['metadata: {name: x}\nspec:\npolicyTypes: [Ingress]', /^policyTypes: /],
    ['endpointSelector: {}', /^endpointSelector: /],
    ['ingress:\n- from:\n  - podSelector: {}', /^ingress: /],
    ['egress:\n- toEndpoints: [{}]', /^egress: /],
    ['apiVersion: networking.k8s.io/v1\nmetadata: {name: x}\nspec:\n  podSelector: {}', /^spec\.podSelector: it stands in a document without a kind/],
  ])('%j', (text, expected) => {
    expect(told(text)).toMatch(expected);
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^x\.yaml:1: /)]);
  });
});

describe('from the file to the message', () => {
  test.each<[string, string, string]>([
    ['spec: null', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: a\nspec:\npodSelector: {}\n', 'x.yaml:1: podSelector: '],
    ['a key that slid into another mapping', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  podSelector:\n  matchLabels:\n    app: web\n',
      'x.yaml:1: NetworkPolicy a: spec.matchLabels: '],
    ['labels that slid', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  podSelector:\n    matchLabels:\n    app: web\n',
      'x.yaml:1: NetworkPolicy a: spec.podSelector.app: '],
    ['a peer that slid', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  podSelector: {}\n  ingress:\n  - from:\n  - podSelector: {}\n',
      'x.yaml:1: NetworkPolicy a: spec.ingress[1].podSelector: '],
    ['a peer beside from', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  podSelector: {}\n  ingress:\n  - from:\n    podSelector: {}\n',
      'x.yaml:1: NetworkPolicy a: spec.ingress[0].podSelector: '],
  ])('%s', (_name, text, expected) => {
    const [first, ...others] = problemsOf(text);
    expect(first.startsWith(expected)).toBe(true);
    expect(others).toEqual([]);
  });
});

describe('a kind that is mistaken', () => {
  test.each([
    ['networking.k8s.io/v1', 'Networkpolicy', 'NetworkPolicy'],
    ['extensions/v1beta1', 'networkpolicy', 'NetworkPolicy'],
    ['cilium.io/v2', 'CiliumNetworkpolicy', 'CiliumNetworkPolicy'],
    ['projectcalico.org/v3', 'globalNetworkPolicy', 'GlobalNetworkPolicy'],
    ['security.istio.io/v1', 'Authorizationpolicy', 'AuthorizationPolicy'],
  ])('%s %s differs from %s by case', (apiVersion, kind, meant) => {
    expect(problemsOf(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\nspec: {}\n`)).toEqual([expect.stringContaining(`: kind: "${kind}" is no kind; did you mean ${meant}?`)]);
  });

  test.each([
    ['networking.k8s.io/v1', 'NetworkPolcy', 'podSelector: {}, egress: []', 'NetworkPolicy'],
    ['cilium.io/v2', 'CilliumNetworkPolicy', 'endpointSelector: {}, ingress: []', 'CiliumNetworkPolicy'],
  ])('%s %s looks like a policy', (apiVersion, kind, spec, meant) => {
    expect(problemsOf(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\nspec: {${spec}}\n`)).toEqual([expect.stringContaining(`did you mean ${meant}?`)]);
  });

  test.each([
    ['cilium.io/v2', 'CiliumEgressGatewayPolicy', 'selectors: [], egressGateway: {}'],
    ['example.com/v1', 'networkpolicy', 'podSelector: {}, ingress: []'],
    ['security.istio.io/v1', 'RequestAuthentication', 'selector: {}, jwtRules: []'],
  ])('%s %s is another kind', (apiVersion, kind, spec) => {
    expect(problemsOf(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\nspec: {${spec}}\n`)).toEqual([]);
  });
});
