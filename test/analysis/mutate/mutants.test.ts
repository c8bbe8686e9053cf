import { load } from 'js-yaml';
import { SourceDocument } from '../../../src/analysis/input/source-document';
import { Mutant, mutants } from '../../../src/analysis/mutate/mutants';

const documents = (...texts: string[]): SourceDocument[] => texts.map((text, i) => ({ value: load(text), at: `policies.yaml:${i + 1}` }));
const mutantsOf = (...texts: string[]): Mutant[] => [...mutants(documents(...texts))];
/** The edits, by operator. */
const edits = (operator: Mutant['operator'], ...texts: string[]): string[] => mutantsOf(...texts).filter(mutant => mutant.operator === operator).map(({ edit }) => edit);
/** What the documents are after the only edit, or the one of which the text says something. */
function after(operator: Mutant['operator'], text: string, about: string = ''): any { // eslint-disable-line @typescript-eslint/no-explicit-any -- manifests
  const found = mutantsOf(text).filter(mutant => mutant.operator === operator && mutant.edit.includes(about));
  expect(found).toHaveLength(1);
  return found[0].documents()[0]?.value;
}

const WEB = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web }, matchExpressions: [{ key: tier, operator: Exists }] }
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - namespaceSelector: { matchLabels: { team: a } }
      podSelector: { matchLabels: { app: api } }
    - ipBlock: { cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.2.0.0/16] }
    ports:
    - { port: 80 }
    - { port: 53, protocol: UDP }
`;
const DENY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
`;

describe('NetworkPolicy', () => {
  test('every small mistake is made once', () => {
    expect(mutantsOf(WEB).map(({ operator, edit }) => `${operator}: ${edit}`)).toEqual([
      'drop-policy: NetworkPolicy shop/web: leave it out',
      'delete-default-deny: NetworkPolicy shop/web, spec.policyTypes[1]: no longer close egress',
      'widen-selector: NetworkPolicy shop/web, spec.podSelector.matchLabels.app: leave out the label "app"',
      'widen-selector: NetworkPolicy shop/web, spec.podSelector.matchExpressions[0]: leave out the expression on "tier"',
      'and-to-or: NetworkPolicy shop/web, spec.ingress[0].from[0]: make two peers of the namespaceSelector and the podSelector',
      'widen-selector: NetworkPolicy shop/web, spec.ingress[0].from[0].namespaceSelector.matchLabels.team: leave out the label "team"',
      'widen-selector: NetworkPolicy shop/web, spec.ingress[0].from[0].podSelector.matchLabels.app: leave out the label "app"',
      'remove-except: NetworkPolicy shop/web, spec.ingress[0].from[1].ipBlock.except[0]: leave out "10.1.0.0/16"',
      'remove-except: NetworkPolicy shop/web, spec.ingress[0].from[1].ipBlock.except[1]: leave out "10.2.0.0/16"',
      'drop-port: NetworkPolicy shop/web, spec.ingress[0].ports[0]: leave out {"port":80}',
      'drop-port: NetworkPolicy shop/web, spec.ingress[0].ports[1]: leave out {"port":53,"protocol":"UDP"}',
      'drop-protocol: NetworkPolicy shop/web, spec.ingress[0].ports[1].protocol: leave out "UDP"',
    ]);
  });

  test('a policy that only closes is a default deny', () => {
    expect(mutantsOf(DENY).map(({ operator }) => operator)).toEqual(['delete-default-deny']);
    expect(mutantsOf(DENY, WEB)[0].documents().map(({ at }) => at)).toEqual(['policies.yaml:2']);
  });

  test('two conditions of one peer become two peers', () => {
    expect(after('and-to-or', WEB).spec.ingress[0].from.slice(0, 2)).toEqual([{ namespaceSelector: { matchLabels: { team: 'a' } } }, { podSelector: { matchLabels: { app: 'api' } } }]);
  });

  test('without its only port a rule is about all of them: no empty list is left', () => {
    const one = WEB.replace('    - { port: 80 }\n', '');
    expect(after('drop-port', one).spec.ingress[0]).not.toHaveProperty('ports');
  });

  test('other documents stay what they are, and the original too', () => {
    const both = documents(DENY, WEB);
    const before = JSON.stringify(both);
    for (const mutant of mutants(both)) { expect(mutant.documents().filter(document => both.includes(document)).length).toBe(1); }
    expect(JSON.stringify(both)).toBe(before);
  });
});

describe('Cilium', () => {
  const text = `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: web } }
  ingress:
  - fromEndpoints: [{ matchLabels: { app: api, tier: back } }]
    toPorts: [{ ports: [{ port: "80", protocol: TCP }] }]
  egress:
  - toCIDRSet: [{ cidr: 10.0.0.0/8, except: [10.1.0.0/16] }]
`;

  test('a peer with several labels becomes one of each', () => {
    expect(after('and-to-or', text).spec.ingress[0].fromEndpoints).toEqual([{ matchLabels: { app: 'api' } }, { matchLabels: { tier: 'back' } }]);
  });

  test('without its only port the whole entry goes', () => {
    expect(after('drop-port', text).spec.ingress[0]).toEqual({ fromEndpoints: [{ matchLabels: { app: 'api', tier: 'back' } }] });
  });

  test('a direction that is closed without a rule can be opened', () => {
    const closing = text.replace(/  egress:\n.*\n/, '  egress: [{}]\n');
    expect(after('delete-default-deny', closing).spec.enableDefaultDeny).toEqual({ egress: false });
  });

  test('holes and protocols go', () => {
    expect(after('remove-except', text).spec.egress[0].toCIDRSet).toEqual([{ cidr: '10.0.0.0/8' }]);
    expect(after('drop-protocol', text).spec.ingress[0].toPorts).toEqual([{ ports: [{ port: '80' }] }]);
  });
});

describe('Calico', () => {
  const text = `
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  tier: default
  order: 10
  selector: app == 'web' && tier == 'front'
  types: [Ingress]
  ingress:
  - action: Allow
    protocol: TCP
    source: { selector: app == 'api', namespaceSelector: team == 'a', notNets: [10.0.0.0/8] }
    destination: { ports: [80, 443] }
`;

  test('a term of a selector is left out, and the last one leaves everything', () => {
    expect(after('widen-selector', text, "tier == 'front'").spec.selector).toBe("app == 'web'");
    expect(after('widen-selector', text, "app == 'api'").spec.ingress[0].source.selector).toBe('all()');
  });

  test('both selectors of an end become two rules', () => {
    const [first, second] = after('and-to-or', text).spec.ingress;
    expect(first.source).toEqual({ selector: "app == 'api'", notNets: ['10.0.0.0/8'] });
    expect(second.source).toEqual({ namespaceSelector: "team == 'a'", notNets: ['10.0.0.0/8'] });
  });

  test('with the protocol go the ports, which cannot stand without', () => {
    const [rule] = after('drop-protocol', text).spec.ingress;
    expect(rule).toEqual({ action: 'Allow', source: expect.anything(), destination: {} });
  });

  test('neighbours in a tier trade places', () => {
    const other = text.replace('name: web', 'name: late').replace('order: 10', 'order: 20');
    const third = text.replace('name: web', 'name: last').replace('order: 10', 'order: 30');
    const elsewhere = text.replace('name: web', 'name: elsewhere').replace('tier: default', 'tier: security');
    const found = mutantsOf(third, text, elsewhere, other).filter(({ operator }) => operator === 'flip-order');
    expect(found.map(({ edit }) => edit)).toEqual([
      'NetworkPolicy shop/web, spec.order: trade places with NetworkPolicy shop/late',
      'NetworkPolicy shop/late, spec.order: trade places with NetworkPolicy shop/last',
    ]);
    expect(found[0].documents().map(({ value }) => (value as { spec: { order: number } }).spec.order)).toEqual([30, 20, 10, 10]);
  });

  test('tiers trade places', () => {
    const tier = (name: string, order: number) => `{ apiVersion: projectcalico.org/v3, kind: Tier, metadata: { name: ${name} }, spec: { order: ${order} } }`;
    expect(edits('flip-order', tier('a', 1), tier('b', 2))).toEqual(['Tier a, spec.order: trade places with Tier b']);
  });
});

test('what is no policy, or cannot be read as one, is left alone', () => {
  expect(mutantsOf('{ apiVersion: v1, kind: ConfigMap, metadata: { name: x }, data: { ports: [] } }', '[1]', 'x',
    '{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: x }, spec: { podSelector: 5 } }')).toEqual([]);
});
