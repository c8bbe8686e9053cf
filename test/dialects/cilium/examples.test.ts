import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { ALL_FEATURES, LOCAL_NODE, OTHER_POD, OUTSIDE, POD_OF_SHOP, PROFILE, REMOTE_NODE, rewritten } from './support';
import { cilium } from '../../../src/dialects/cilium';
import { isOfKind } from '../../../src/dialects/dialect';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { disjunction } from '../../../src/model/dnf';
import { EndpointExpr } from '../../../src/model/endpoint';
import { evaluate } from '../../../src/model/evaluate';
import { HttpRequest } from '../../../src/model/http';
import { Endpoint, Flow } from '../../../src/model/match';
import { Policy } from '../../../src/model/policy-set';

const EXAMPLES = path.resolve(__dirname, '../../../../shared/corpus/cilium-examples');
const VERSIONS = ['1.20', '1.19', '1.18'];

/** Those that no version enforces, or the only version that does not read them, with the reason. */
const REFUSED: Readonly<Record<string, { readonly reason: string; readonly versions?: readonly string[] }>> = {
  'docs-inline/Documentation__operations__performance__scalability__report__L227.yaml': { reason: 'spec.fromEndpoints: this field is not known here' },
  'docs-inline/Documentation__operations__performance__scalability__report__L247.yaml': { reason: 'spec.fromEndpoints: this field is not known here' },
  'docs-inline/INVALID-bad-cnp-port-65536.yaml': { reason: 'must be a port from 0 to 65535, got "65536" (the API server stores this, but the agent refuses it' },
  'examples-policies/auth/auth.yaml': { reason: 'mutual authentication is authentication: { mode: required }' },
  'examples-policies/host/allow-extended-protocols.yaml': { reason: 'is known since Cilium', versions: ['1.19', '1.18'] },
  'examples-policies/l3/requires/requires.yaml': { reason: 'Cilium 1.19 removed it' },
  'test-k8s-manifests/ccnp-host-policy-nodeport-tests.yaml': { reason: '"NODE_WITHOUT_CILIUM_IP" is no IPv4 or IPv6 address' },
};

/** Flows between endpoints of which each has labels that some selector of the policies asks for. */
function flowsFor(policies: readonly Policy[]): Flow[] {
  const ends = policies.flatMap(({ subject, rules }) => [subject, ...rules.flatMap(({ match }) => [match.source, match.destination])]);
  const endpoints = [...ends.flatMap(askedFor), POD_OF_SHOP, OTHER_POD, OUTSIDE, LOCAL_NODE, REMOTE_NODE];
  const unique = [...new Map(endpoints.map(endpoint => [JSON.stringify(endpoint), endpoint])).values()].slice(0, 10);
  const boxes = policies.flatMap(({ rules }) => rules.flatMap(({ match }) => match.traffic));
  const ports = [...new Set([...boxes.flatMap(({ destinationPorts }) => destinationPorts?.ranges.flat() ?? []), 80])].slice(0, 8);
  const requests: HttpRequest[] = [{}, { method: 'GET', path: '/public', host: 'a', headers: {} }, { method: 'PUT', path: '/path2', host: 'a', headers: { 'X-My-Header': 'true' } },
    { method: 'POST', path: '/', host: 'external-service.org', headers: {} }];
  const traffic: Omit<Flow, 'source' | 'destination'>[] = [
    ...ports.flatMap(port => [6, 17].flatMap(protocol => requests.map(http => ({ protocol, port, http, dnsName: 'cilium.io', serverName: 'one.one.one.one' })))),
    { protocol: 1, icmp: { type: 8, code: 0 } }, { protocol: 58, icmp: { type: 128, code: 0 } }, { protocol: 47 },
  ];
  return unique.flatMap(source => unique.flatMap(destination => traffic.map(probe => ({ source, destination, ...probe }))));
}

/** An endpoint for each alternative that a selector has, as far as its positive conditions go. */
function askedFor(expr: EndpointExpr): Endpoint[] {
  return disjunction(expr).map(conjunction => {
    const atoms = conjunction.flatMap(({ atom, negated }) => (negated ? [] : [atom]));
    const labels = (of: string) => Object.fromEntries(atoms.flatMap(atom => ('label' in atom && atom.of === of ? [[atom.label, atom.values[0] ?? '']] : [])));
    const range = atoms.flatMap(atom => ('cidr' in atom ? [atom.cidr.split('/')[0]] : []))[0];
    const name = atoms.flatMap(atom => ('fqdn' in atom ? [atom.fqdn.replace(/\*/g, 'x')] : []))[0];
    const entity = atoms.flatMap(atom => ('entity' in atom ? [atom.entity] : []));
    const cluster = atoms.flatMap(atom => ('cluster' in atom && atom.cluster !== '' ? [{ cluster: atom.cluster }] : []))[0];
    if (range !== undefined) { return { ...OUTSIDE, address: range }; }
    if (name !== undefined) { return { ...OUTSIDE, names: [name] }; }
    if (atoms.some(atom => 'kind' in atom && atom.kind === 'node')) { return { ...REMOTE_NODE, labels: labels('node') }; }
    return {
      ...POD_OF_SHOP,
      namespace: atoms.flatMap(atom => ('namespace' in atom && !('ref' in atom) ? [atom.namespace] : []))[0] ?? 'default',
      labels: labels('pod'),
      namespaceLabels: labels('namespace'),
      serviceAccount: atoms.flatMap(atom => ('serviceAccount' in atom ? [atom.serviceAccount] : []))[0] ?? 'default',
      entities: ['all', 'cluster', ...entity],
      ...cluster,
    };
  });
}

(fs.existsSync(EXAMPLES) ? describe : describe.skip)('the examples of Cilium', () => {
  const documentsOf = (file: string): unknown[] => yaml.loadAll(fs.readFileSync(path.join(EXAMPLES, file), 'utf8'));
  const files = fs.existsSync(EXAMPLES) ? fs.readdirSync(EXAMPLES, { recursive: true }).map(String).filter(file => /\.ya?ml$/.test(file)).sort() : ['absent'];
  const support = files.filter(file => file !== 'absent').flatMap(documentsOf);

  test.each(files)('%s', file => {
    for (const document of documentsOf(file).filter(each => isOfKind(each, cilium.kinds.filter(({ role }) => role === 'policy')))) {
      for (const version of VERSIONS) {
        const refused = REFUSED[file];
        if (refused && (refused.versions ?? VERSIONS).includes(version)) {
          expect(() => cilium.read(document, undefined, version)).toThrow(UnreadableDocument);
          expect(() => cilium.read(document, undefined, version)).toThrow(refused.reason);
          continue;
        }
        const again = rewritten(document, { ...ALL_FEATURES, version });
        const [before, after] = [document, again].map(each => cilium.link(cilium.read(each, undefined, version), support, version));
        const flows = flowsFor(before.policies);
        const answers = (set: typeof before) => flows.map(flow => evaluate(set, flow, PROFILE));
        expect(answers(after)).toEqual(answers(before));
        expect(rewritten(again, { ...ALL_FEATURES, version })).toEqual(again);
      }
    }
  });

  test('they say something', () => {
    const documents = support.filter(each => isOfKind(each, cilium.kinds.filter(({ role }) => role === 'policy')));
    const answers = documents.flatMap(document => {
      try {
        const set = cilium.link(cilium.read(document), support);
        return [new Set(flowsFor(set.policies).map(flow => evaluate(set, flow, PROFILE))).size];
      } catch {
        return [];
      }
    });
    expect(answers.filter(size => size > 1).length).toBeGreaterThan(documents.length * 0.8);
  });
});
