import { boundsOf, familyOf } from '../../src/model/cidr';
import { Conjunction, Literal } from '../../src/model/dnf';
import { Atom, EndpointKind, LabelTest } from '../../src/model/endpoint';
import { Endpoint } from '../../src/model/match';

/** Endpoints that conditions are about: for each alternative one that it matches, and one for each of its conditions that fails just there. */

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export const MOST_ENDS = 40;

const BASE: Readonly<Record<EndpointKind, Endpoint>> = {
  pod: {
    kind: 'pod',
    namespace: 'some-namespace',
    namespaceLabels: {},
    labels: {},
    serviceAccount: 'some-account',
    serviceAccountLabels: {},
    address: '10.244.9.9',
    entities: ['all', 'cluster'],
    names: [],
    principal: '',
  },
  node: { kind: 'node', labels: {}, address: '192.168.99.9', entities: ['all', 'cluster', 'remote-node'], names: [], principal: '' },
  hostEndpoint: { kind: 'hostEndpoint', labels: {}, address: '192.168.99.8', entities: ['all', 'cluster'], names: [], principal: '' },
  addressSet: { kind: 'addressSet', labels: {}, address: '203.0.113.200', entities: ['all', 'world'], names: [], principal: '' },
  external: { kind: 'external', address: '203.0.113.201', entities: ['all', 'world', 'world-ipv4'], names: [], principal: '' },
};

/** Whom a policy may be asked about though it does not name them. */
export const BYSTANDERS: readonly Endpoint[] = [BASE.pod, BASE.node, BASE.external, { ...BASE.node, entities: ['all', 'cluster', 'host'] }];

export const endpointsOf = (conjunctions: readonly Conjunction[]): Endpoint[] => conjunctions.slice(0, MOST_ENDS).flatMap(conjunction => [
  meeting(conjunction),
  // One condition fails, all others hold.
  ...conjunction.map(({ atom, negated }, i) => meeting(conjunction.map((literal, k) => (k === i ? { atom, negated: !negated } : literal)))),
  ...conjunction.flatMap(literal => alternatives(literal)
    .map(atom => meeting(conjunction.map(each => (each === literal ? { ...literal, atom } : each))))),
]);

/** Each value of a list, and each hole of a range, apart. */
function alternatives({ atom, negated }: Literal): Atom[] {
  if (negated) { return []; }
  if ('label' in atom) { return atom.values.slice(1).map(value => ({ ...atom, values: [value] })); }
  return 'cidr' in atom ? atom.except.map((cidr): Atom => ({ cidr, except: [] })) : [];
}

function meeting(conjunction: Conjunction): Endpoint {
  const endpoint: Mutable<Endpoint> = structuredClone(BASE[kindOf(conjunction)]);
  // What must not be comes last.
  for (const { atom } of conjunction.filter(({ negated }) => !negated)) { make(endpoint, atom, true); }
  for (const { atom } of conjunction.filter(({ negated }) => negated)) { make(endpoint, atom, false); }
  return endpoint;
}

function kindOf(conjunction: Conjunction): EndpointKind {
  const kinds = conjunction.flatMap(({ atom, negated }): EndpointKind[] => {
    if ('kind' in atom) { return [negated ? (atom.kind === 'pod' ? 'external' : 'pod') : atom.kind]; }
    if ('label' in atom) { return [atom.of === 'namespace' || atom.of === 'serviceAccount' ? 'pod' : atom.of]; }
    if ('cidr' in atom || 'fqdn' in atom) { return ['external']; }
    if ('entity' in atom) { return [/node|host/.test(atom.entity) ? 'node' : /world|all/.test(atom.entity) ? 'external' : 'pod']; }
    return [];
  });
  return kinds[0] ?? 'pod';
}

function make(endpoint: Mutable<Endpoint>, atom: Atom, holds: boolean): void {
  if ('label' in atom) { return makeLabel(endpoint, atom, holds); }
  if ('kind' in atom || 'ref' in atom) { return; }
  if ('namespace' in atom) {
    endpoint.namespace = holds ? atom.namespace : 'another-namespace';
    endpoint.namespaceLabels = { ...endpoint.namespaceLabels, 'kubernetes.io/metadata.name': endpoint.namespace };
  } else if ('serviceAccount' in atom) {
    endpoint.serviceAccount = holds ? atom.serviceAccount : 'another-account';
  } else if ('cidr' in atom) {
    endpoint.address = addressIn(atom.cidr, holds);
  } else if ('fqdn' in atom) {
    endpoint.names = holds ? [...(endpoint.names ?? []), spell(atom.fqdn)] : [];
  } else if ('principal' in atom) {
    endpoint.principal = holds ? spell(atom.principal) : 'cluster.local/ns/another/sa/another';
  } else if ('cluster' in atom) {
    if (holds) { delete endpoint.cluster; if (atom.cluster !== '') { endpoint.cluster = atom.cluster; } } else { endpoint.cluster = 'another-cluster'; }
  } else {
    const others = (endpoint.entities ?? []).filter(entity => entity !== atom.entity);
    endpoint.entities = holds ? [...others, atom.entity] : others;
  }
}

function makeLabel(endpoint: Mutable<Endpoint>, { label, of, op, values }: LabelTest, holds: boolean): void {
  const field = of === 'namespace' ? 'namespaceLabels' : of === 'serviceAccount' ? 'serviceAccountLabels' : 'labels';
  const { [label]: _gone, ...rest } = endpoint[field] ?? {};
  endpoint[field] = holds && (op === 'exists' || values.length > 0) ? { ...rest, [label]: SPELT[op](values[0]) } : rest;
}

const SPELT: Readonly<Record<LabelTest['op'], (value: string) => string>> = {
  exists: () => 'something',
  in: value => value,
  contains: value => `x${value}x`,
  startsWith: value => `${value}x`,
  endsWith: value => `x${value}`,
};

/** The last address of a range; or one that no policy names, of the same family. */
const addressIn = (cidr: string, holds: boolean): string => (holds ? boundsOf(cidr)[1] : familyOf(cidr) === 4 ? '203.0.113.202' : '2001:db8:ffff::9');

export const spell = (pattern: string): string => pattern.replace(/\*+/g, 'some');
