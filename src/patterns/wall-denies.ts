import { meansPods } from './only-pods';
import { namespacesIn } from './peer-namespaces';
import { Permit } from './permit';
import { holds, remainingAddresses, shareAddresses } from './remaining-addresses';
import { remainingPorts, Spans, spansOf } from './remaining-ports';
import type { ResolvedFacts } from '../cluster/cluster';
import { Peer } from '../constructs/peer';
import { StatedRule } from '../constructs/policy-statement';
import { Port } from '../constructs/port';
import { containsCidr } from '../model/cidr';
import { Conjunction, disjunction, exprOf, Literal } from '../model/dnf';
import { address, allOf, anyOf, Cidr, EndpointExpr, EXTERNAL, inNamespace, isNamespace, not, POD } from '../model/endpoint';
import { groupBy } from '../model/group-by';
import { NAMESPACE_NAME } from '../model/labels';
import { Direction } from '../model/policy-set';

/** One alternative of what is permitted, by what Cilium knows it as. */
type Open = { readonly spans: Spans; readonly text: string } & (
  | { readonly pods: EndpointExpr }
  | { readonly range: Cidr }
  | { readonly entity: string });

/** Who else there is than pods and addresses outside. A node can always reach its own pods. */
const ENTITIES: Readonly<Record<Direction, readonly string[]>> = {
  ingress: ['remote-node', 'ingress', 'unmanaged', 'init'],
  egress: ['host', 'remote-node', 'ingress', 'unmanaged', 'init'],
};

/**
 * Everything but what is permitted, as rules that deny: on Cilium a deny comes before everything that allows, and no rule leaves anything to others.
 * @param path names the construct in an error
 * @throws when a permitted peer or port cannot be left out of denies
 */
export function wallDenies(direction: Direction, permits: readonly Permit[], facts: ResolvedFacts, path: string): StatedRule[] {
  const open = permits.flatMap(permit => opened(permit, facts, path));
  return [...withPath(path, facts, () => denyPods(open)), ...denyAddresses(open, path), ...denyEntities(direction, open)];
}

const deny = (text: string, expr: EndpointExpr, port: Port): StatedRule => ({ action: 'deny', peer: Peer._ofExpr(text, expr), port });

function opened({ peer, port }: Permit, facts: ResolvedFacts, path: string): Open[] {
  const spans = spansOf(port);
  const text = `${peer.toPeer()}`;
  if (!spans) { throw new Error(`${path}: ${text} on ${port} cannot stay open beside denies of Cilium, which have neither names of ports, conditions nor ICMP; state numbers of TCP, UDP or SCTP, or Port.all()`); }
  return disjunction(peer.toPeer()._expr({ facts })).flatMap(conjunction => placesOf(conjunction, facts).map(place => {
    if (!place) { throw new Error(`${path}: ${text} cannot stay open beside denies of Cilium, which come before every allow; state pods, addresses or nodes`); }
    return { spans, text, ...place };
  }));
}

type Place = { readonly pods: EndpointExpr } | { readonly range: Cidr } | { readonly entity: string };

function placesOf(conjunction: Conjunction, { apiServerCidrs, nodeCidrs }: ResolvedFacts): (Place | undefined)[] {
  const atoms = conjunction.filter(({ negated }) => !negated).map(({ atom }) => atom);
  const [first] = atoms.filter(atom => !('kind' in atom && atom.kind === 'external'));
  if (first && 'cidr' in first && conjunction.every(({ atom }) => atom === first || 'kind' in atom)) { return [{ range: first }]; }
  if (conjunction.length === 1 && first && 'entity' in first) {
    // The API server is on nodes, or outside where its addresses are.
    if (first.entity === 'kube-apiserver') {
      const outside = apiServerCidrs.filter(cidr => !nodeCidrs.some(nodes => containsCidr(nodes, cidr)));
      return [{ entity: 'host' }, { entity: 'remote-node' }, ...outside.map(cidr => ({ range: { cidr, except: [] } }))];
    }
    if (first.entity === 'world') { return ['0.0.0.0/0', '::/0'].map(cidr => ({ range: { cidr, except: [] } })); }
    return [[...ENTITIES.ingress, ...ENTITIES.egress].includes(first.entity) ? { entity: first.entity } : undefined];
  }
  return [meansPods(conjunction) ? { pods: exprOf(conjunction) } : undefined];
}

// --- pods

/** What is everything but many peers may be more alternatives than an expression has. */
function withPath(path: string, facts: ResolvedFacts, make: () => StatedRule[]): StatedRule[] {
  try {
    const rules = make();
    for (const { peer } of rules) { disjunction(peer._expr({ facts })); }
    return rules;
  } catch (error) {
    throw new Error(`${path}: what stays open is too much to be left out of denies of Cilium (${(error as Error).message}); state fewer of them, or name their namespaces by Namespaces.named(...)`);
  }
}

function denyPods(open: readonly Open[]): StatedRule[] {
  const pods = open.filter(each => 'pods' in each);
  const known = [...new Set(pods.map(({ text }) => text))];
  return [
    deny(['every pod', ...known].join(' but '), allOf(POD, otherPods(pods.map(each => each.pods))), Port.all()),
    ...pods.flatMap(own => {
      const others = pods.filter(other => other !== own && !neverBoth(other.pods, own.pods));
      return remainingPorts(own.spans, others.map(({ spans }) => spans)).flatMap(({ port, openedBy }) => {
        const expr = allOf(own.pods, not(anyOf(...openedBy.map(i => others[i].pods))));
        return disjunction(expr).length === 0 ? [] : [deny([own.text, ...openedBy.map(i => others[i].text)].join(' but '), expr, port)];
      });
    }),
  ];
}

/** All pods but some. Namespace by namespace, since what is not in any of many peers would otherwise multiply. */
function otherPods(exprs: readonly EndpointExpr[]): EndpointExpr {
  const parts = exprs.flatMap(expr => disjunction(expr))
    .map(conjunction => ({ names: namespacesIn(conjunction), rest: conjunction.filter(literal => !isPod(literal)) }));
  const named = parts.flatMap(({ names, rest }) => (names ? [{ names, rest: rest.filter(literal => !isNames(literal, names)) }] : []));
  const anywhere = parts.filter(({ names }) => !names).map(({ rest }) => not(exprOf(rest)));
  const names = [...new Set(named.flatMap(each => each.names))];
  const alike = groupBy(names, name => named.flatMap((each, i) => (each.names.includes(name) ? [i] : [])).join());
  return allOf(...anywhere, anyOf(
    allOf(...names.map(name => not(inNamespace(name)))),
    ...[...alike].flatMap(([which, some]) => {
      const open = which.split(',').map(i => named[Number(i)].rest);
      return open.some(rest => rest.length === 0) ? [] : [allOf(inNamespaces(some), ...open.map(rest => not(exprOf(rest))))];
    }),
  ));
}

const isPod = ({ atom, negated }: Literal): boolean => !negated && 'kind' in atom && atom.kind === 'pod';
/** The literal in which these are named. */
const isNames = ({ atom, negated }: Literal, names: readonly string[]): boolean => !negated
  && (isNamespace(atom) ? names.length === 1 && atom.namespace === names[0] : 'label' in atom && atom.of === 'namespace' && atom.values === names);
const inNamespaces = (names: readonly string[]): EndpointExpr =>
  (names.length === 1 ? inNamespace(names[0]) : { label: NAMESPACE_NAME, of: 'namespace', op: 'in', values: names });

/** Only what is plain to see: pods of different namespaces. */
function neverBoth(a: EndpointExpr, b: EndpointExpr): boolean {
  const [left, right] = [a, b].map(expr => disjunction(expr).map(namespacesIn));
  return left.every(some => right.every(others => some && others && !some.some(name => others.includes(name))));
}

// --- addresses outside

function denyAddresses(open: readonly Open[], path: string): StatedRule[] {
  const ranges = open.filter(each => 'range' in each);
  const outside = ({ cidr, except }: Cidr): EndpointExpr => allOf(EXTERNAL, address(cidr, except));
  const rest = anyOf(...remainingAddresses(ranges.map(({ range }) => range)).map(outside));
  return [
    ...('none' in rest ? [] : [deny(['everything outside', ...new Set(ranges.map(({ text }) => text))].join(' but '), ranges.length === 0 ? EXTERNAL : rest, Port.all())]),
    ...ranges.flatMap(own => {
      const others = ranges.filter(other => other !== own && shareAddresses(other.range, own.range));
      if (others.some(({ range, spans }) => spans === 'all' && holds(range, own.range))) { return []; }
      const other = own.spans === 'all' ? undefined : others[0];
      if (other) { throw new Error(`${path}: ${own.text} and ${other.text} share addresses, and are open on different ports, which denies of Cilium cannot tell apart; state ranges that do not overlap`); }
      return remainingPorts(own.spans, []).map(({ port }) => deny(own.range.cidr, outside(own.range), port));
    }),
  ];
}

// --- nodes, and what is neither pod nor address

function denyEntities(direction: Direction, open: readonly Open[]): StatedRule[] {
  const closed = ENTITIES[direction].filter(entity => !open.some(each => 'entity' in each && each.entity === entity));
  const some = ENTITIES[direction].filter(entity => !closed.includes(entity)).flatMap(entity => {
    const spans = open.filter(each => 'entity' in each && each.entity === entity).map(each => each.spans);
    return remainingPorts(merged(spans), []).map(({ port }) => deny(entity, { entity }, port));
  });
  return [...(closed.length > 0 ? [deny(closed.join(', '), anyOf(...closed.map((entity): EndpointExpr => ({ entity }))), Port.all())] : []), ...some];
}

function merged(all: readonly Spans[]): Spans {
  const some = all.filter(spans => spans !== 'all');
  if (some.length < all.length) { return 'all'; }
  return { TCP: some.flatMap(({ TCP }) => TCP), UDP: some.flatMap(({ UDP }) => UDP), SCTP: some.flatMap(({ SCTP }) => SCTP) };
}
