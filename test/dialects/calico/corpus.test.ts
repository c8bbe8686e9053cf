import * as fs from 'fs';
import * as path from 'path';
import * as yaml from 'js-yaml';
import { TARGET } from './support';
import { calico } from '../../../src/dialects/calico';
import { isOfKind } from '../../../src/dialects/dialect';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { EndpointExpr, LabelScope } from '../../../src/model/endpoint';
import { evaluate } from '../../../src/model/evaluate';
import { Endpoint, Flow } from '../../../src/model/match';
import { Policy } from '../../../src/model/policy-set';
import { schemaErrors } from '../../support/schemas';

/** The examples of Calico's documentation. */
const CORPUS = path.resolve(__dirname, '../../../../shared/corpus/calico-examples');
const index: { file: string; parses: boolean }[] = fs.existsSync(CORPUS) ? JSON.parse(fs.readFileSync(path.join(CORPUS, 'INDEX.json'), 'utf8')) : [];

interface Example {
  readonly file: string;
  readonly document: any;
}

const examples: readonly Example[] = index.filter(({ parses }) => parses)
  .flatMap(({ file }) => (yaml.loadAll(fs.readFileSync(path.join(CORPUS, file), 'utf8')) as any[]).flat().map(document => ({ file, document })));
const roleOf = (document: unknown) => calico.kinds.find(kind => isOfKind(document, [kind]))?.role;
const policies = examples.filter(({ document }) => roleOf(document) === 'policy');
const support = examples.filter(({ document }) => roleOf(document) === 'support').map(({ document }) => document);
/** Pages use the same names for different things. */
const networkSets = [...new Map(support.filter(({ kind }) => kind !== 'Tier').map(one => [`${one.kind} ${one.metadata.namespace} ${one.metadata.name}`, one])).values()];

/** Why the others are refused: each is a defect of the page, or a place that a reader has to fill in. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/kubernetes-node-ports__L47/, '"1.2.3.4/16" has bits set beyond /16'],
  [/services-cluster-ips__L73/, '"10.20.30.40/32  Cluster IP A" is not a CIDR'],
  [/services-cluster-ips__L107/, '"192.168.0.0/16  Pod CIDR" is not a CIDR'],
  [/services-cluster-ips__L130/, 'spec.types[1]: must be a string'],
  [/icmp-ping__L80/, 'icmp.type: must be a number'],
  [/icmp-ping__L108/, 'icmp.type: must be a number'],
  [/log-rules__L119/, '"<log-everything-in-cluster>" is no name of a policy'],
  [/log-rules__L144/, 'namespace "<namespace>" is invalid'],
  [/protect-hosts__L90/, '"<your management CIDR>" is not a CIDR'],
  [/host-endpoints__connectivity__L38/, '"<your management CIDR>" is not a CIDR'],
  [/calico-labels__L(15|84)/, 'ports that are numbers need a protocol'],
  [/calico-network-policy__L(35|45)/, 'spec: must be an object'],
];

function* atoms(expr: EndpointExpr): Generator<EndpointExpr> {
  if ('not' in expr) { yield* atoms(expr.not); return; }
  const parts = 'allOf' in expr ? expr.allOf : 'anyOf' in expr ? expr.anyOf : undefined;
  if (parts) { for (const part of parts) { yield* atoms(part); } return; }
  yield expr;
}

/** Endpoints that the policies can tell apart: with and without each label, in and out of each namespace and range. */
function worldOf(read: readonly Policy[]): Endpoint[] {
  const ends = read.flatMap(({ subject, rules }) => [subject, ...rules.flatMap(({ match }) => [match.source, match.destination])]);
  const all = ends.flatMap(expr => [...atoms(expr)]);
  const labels = (...scopes: LabelScope[]) => all.flatMap(atom => ('label' in atom && scopes.includes(atom.of) ? [{ [atom.label]: atom.values[0] ?? 'x' }] : []));
  const names = [...new Set(['elsewhere', ...all.flatMap(atom => ('namespace' in atom && !('ref' in atom) ? [atom.namespace] : []))])];
  const accounts = [...new Set(['default', ...all.flatMap(atom => ('serviceAccount' in atom ? [atom.serviceAccount] : []))])];
  const cidrs = all.flatMap(atom => ('cidr' in atom ? [atom.cidr.split('/')[0]] : []));
  const every = (some: Record<string, string>[]): Record<string, string>[] => [{}, Object.assign({}, ...some), ...some];
  const namespaceLabels = every(labels('namespace')).slice(0, 3);
  const podOf = (more: object) => ({ kind: 'pod', serviceAccountLabels: Object.assign({}, ...labels('serviceAccount')), address: '10.244.0.9', ports: [], ...more }) as Endpoint;
  const pods = names.flatMap(namespace => every(labels('pod')).flatMap(own => namespaceLabels.flatMap(ofNamespace => accounts
    .map(serviceAccount => podOf({ namespace, labels: own, namespaceLabels: ofNamespace, serviceAccount })))));
  return [
    ...pods.slice(0, 60),
    ...every(labels('hostEndpoint')).map((own): Endpoint => ({ kind: 'hostEndpoint', labels: own, address: '192.168.7.7' })),
    ...['192.0.2.99', ...cidrs].map((address): Endpoint => ({ kind: 'external', address })),
  ];
}

const PROBES: readonly Partial<Flow>[] = [
  ...[22, 53, 80, 443, 2379, 5432, 5978, 6379, 6443, 8080, 9091, 10250, 12211].map(port => ({ protocol: 6, port, sourcePort: 40000 })),
  { protocol: 17, port: 53, sourcePort: 40000 }, { protocol: 1, icmp: { type: 8, code: 0 } },
  { protocol: 6, port: 80, sourcePort: 12211, http: { method: 'GET', path: '/users/1' } }, { protocol: 6, port: 80, sourcePort: 40000, http: { method: 'PUT', path: '/other' } },
];

const tiers = (read: readonly Policy[]) => [...new Set(read.map(({ stage }) => stage))].filter(name => name !== 'default')
  .map(name => ({ apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name }, spec: { order: 5 } }));

const readable = policies.filter(({ file }) => !REFUSED.some(([refused]) => refused.test(file)));

(fs.existsSync(CORPUS) ? describe : describe.skip)('the examples of Calico\'s documentation', () => {
  test('are many', () => {
    expect(policies.length).toBeGreaterThan(90);
    expect(readable.length).toBeGreaterThan(80);
    expect(support.length).toBeGreaterThan(5);
  });

  test.each(policies.filter(({ file }) => REFUSED.some(([refused]) => refused.test(file))))('$file is refused', ({ file, document }) => {
    const [, said] = REFUSED.find(([refused]) => refused.test(file))!;
    expect(() => calico.read(document)).toThrow(UnreadableDocument);
    expect(() => calico.read(document)).toThrow(said);
  });

  test.each(readable)('$file means what is written of it again', ({ document }) => {
    const read = calico.read(document);
    for (const version of ['3.32', '3.33']) {
      const written = JSON.parse(JSON.stringify(calico.write(read, { ...TARGET, version, features: { applicationLayerPolicy: true } })));
      expect(written).toHaveLength(read.length > 0 ? 1 : 0);
      if (version === '3.33') { expect(written.flatMap((one: never) => schemaErrors(one))).toEqual([]); }
      const back = written.flatMap((one: never) => calico.read(one, undefined, version));
      expect(back.map(({ direction, mode, hook, effects }: Policy) => ({ direction, mode, hook, effects })))
        .toEqual(read.map(({ direction, mode, hook, effects }) => ({ direction, mode, hook, effects })));
      // Staged policies decide nothing, and hooks nothing that is known: their rules are looked at as if they were others.
      const plain = ({ hook: _, ...policy }: Policy): Policy => ({ ...policy, mode: 'enforce' });
      const both = [read, back].map(some => calico.link(some.map(plain), [...tiers(read), ...networkSets]));
      const world = worldOf(read);
      const differences: unknown[] = [];
      for (const source of world) {
        for (const destination of world) {
          for (const probe of PROBES) {
            const flow = { source, destination, ...probe } as Flow;
            const [before, after] = both.map(set => evaluate(set, flow, { cidrMatches: ['pod', 'node', 'hostEndpoint', 'external'] }));
            if (before !== after) { differences.push({ flow, before, after }); }
          }
        }
      }
      expect(differences.slice(0, 1)).toEqual([]);
    }
  });

  test.each(support.map(document => [document.kind, document.metadata.name, document] as const))('%s %s is linked', (_, __, document) => {
    expect(() => calico.link([], [document])).not.toThrow();
  });
});
