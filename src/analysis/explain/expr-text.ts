import { peerTerms, PeerTerms, speaksOfPods } from '../../dialects/peer-terms';
import { preview } from '../../dialects/preview';
import { Conjunction, disjunction, Literal } from '../../model/dnf';
import { Cidr, EndpointExpr, EndpointKind, LabelScope, LabelTest, OWN_CLUSTER, Reference } from '../../model/endpoint';
import { NAMESPACE_NAME } from '../../model/labels';

/** That many alternatives are named; more would hide them. */
const MOST = 4;

/** Whom an expression is about, in words, such as `pods with app=web in namespace shop`. */
export function exprText(expr: EndpointExpr): string {
  if ('any' in expr) { return 'anyone'; }
  const conjunctions = conjunctionsOf(expr);
  if (!conjunctions) { return 'a selection of many alternatives'; }
  if (conjunctions.length === 0) { return 'nobody'; }
  const texts = [...new Set(conjunctions.slice(0, MOST).map(conjunctionText))];
  return conjunctions.length <= MOST ? texts.join(', or ') : `${texts.join(', or ')} and ${conjunctions.length - MOST} more`;
}

/** Undefined where the alternatives are too many. */
export function conjunctionsOf(expr: EndpointExpr): readonly Conjunction[] | undefined {
  try {
    return disjunction(expr);
  } catch {
    return undefined;
  }
}

function conjunctionText(conjunction: Conjunction): string {
  if (conjunction.length === 0) { return 'anyone'; }
  const terms = peerTerms(conjunction);
  const conditions = [
    ...terms.cidrs.map(cidrText),
    ...terms.notCidrs.map(cidr => `no address of ${cidrText(cidr)}`),
    ...terms.fqdns.map(name => `the name ${name}`),
    ...terms.entities.map(entity => `the entity ${entity}`),
    ...terms.clusters.filter(cluster => cluster !== OWN_CLUSTER).map(cluster => `of cluster ${cluster}`),
    ...terms.principals.map(({ principal, negated }) => `${negated ? 'not ' : ''}the identity ${principal}`),
    ...terms.refs.map(({ ref, negated }) => `${negated ? 'not ' : ''}${referenceText(ref)}`),
    ...terms.other.map(({ what, negated }) => `${negated ? 'not ' : ''}${what}`),
  ];
  const who = whoText(terms);
  return [...(who === undefined ? [] : [who]), ...conditions].join(', ');
}

/** Undefined where nothing is said but an address or a name. */
function whoText(terms: PeerTerms): string | undefined {
  const { kinds, notKinds, namespaces, notNamespaces, serviceAccounts, notServiceAccounts, labels } = terms;
  const own = labels.filter(({ test }) => test.of !== 'namespace' && test.of !== 'serviceAccount');
  const of = (scope: LabelScope) => labels.filter(({ test }) => test.of === scope).map(labelText);
  const parts = [
    ...(own.length > 0 ? [`with ${own.map(labelText).join(', ')}`] : []),
    ...(serviceAccounts.length > 0 ? [`of service account ${serviceAccounts.join(' and ')}`] : []),
    ...notServiceAccounts.map(name => `not of service account ${name}`),
    ...(of('serviceAccount').length > 0 ? [`of service accounts with ${of('serviceAccount').join(', ')}`] : []),
    ...(namespaces.length > 0 ? [`in namespace ${namespaces.join(' and ')}`] : []),
    ...notNamespaces.map(name => `not in namespace ${name}`),
    ...(of('namespace').length > 0 ? [`in namespaces with ${of('namespace').join(', ')}`] : []),
  ];
  const kind = kinds.length > 0 ? kinds : parts.length > 0 ? [kindOf(own[0]?.test.of)] : [];
  const not = notKinds.map(each => `no ${KINDS[each].replace(/s$/, '')}`);
  if (kind.length === 0 && not.length === 0) { return undefined; }
  const whole = kind.length === 1 && kind[0] === 'pod' && parts.length === 0 ? ['every pod'] : [[...kind.map(each => KINDS[each]), ...parts].join(' ')];
  return [...(kind.length > 0 ? whole : []), ...(onlyLeavesOutPods(terms) ? ['or what is no pod'] : []), ...not].join(', ');
}

const OF_PODS: readonly LabelScope[] = ['pod', 'namespace', 'serviceAccount'];

/** What has no label of a pod, and is in no namespace, lacks whatever is to be absent. */
const onlyLeavesOutPods = (terms: PeerTerms): boolean => terms.kinds.length === 0 && !speaksOfPods(terms)
  && terms.labels.length + terms.notNamespaces.length + terms.notServiceAccounts.length > 0
  && terms.labels.every(({ test }) => OF_PODS.includes(test.of))
  && terms.cidrs.length + terms.fqdns.length + terms.entities.length === 0;

const kindOf = (scope: LabelScope | undefined): EndpointKind => (scope === undefined || scope === 'namespace' || scope === 'serviceAccount' ? 'pod' : scope);

const KINDS: Readonly<Record<EndpointKind, string>> = {
  pod: 'pods', node: 'nodes', hostEndpoint: 'host endpoints', addressSet: 'address sets', external: 'what is outside the cluster',
};

export function labelText({ test: { label, op, values }, negated }: { readonly test: LabelTest; readonly negated: boolean }): string {
  switch (op) {
    case 'exists': return negated ? `no label ${label}` : label;
    case 'in': return values.length === 1 ? `${label}${negated ? '!=' : '='}${values[0]}` : `${label}${negated ? ' not' : ''} in (${listText(values)})`;
    default: return `${label} that ${negated ? 'does not ' : ''}${OPERATORS[op][negated ? 1 : 0]} ${values.map(value => JSON.stringify(value)).join(' or ')}`;
  }
}

const OPERATORS = { contains: ['contains', 'contain'], startsWith: ['starts with', 'start with'], endsWith: ['ends with', 'end with'] } as const;

const MOST_VALUES = 6;

export const listText = (values: readonly string[]): string =>
  (values.length <= MOST_VALUES ? values.join(', ') : `${values.slice(0, MOST_VALUES).join(', ')} and ${values.length - MOST_VALUES} more`);

export const cidrText = ({ cidr, except }: Cidr): string => (except.length === 0 ? cidr : `${cidr} except ${listText(except)}`);

export function referenceText({ ref, namespace, name, value }: Reference): string {
  const called = name === undefined ? '' : ` ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  switch (ref) {
    case 'cloudGroup': return `the cloud group ${preview(value)}`;
    case 'cidrGroup': return `the CIDR group${called}`;
    case 'service': return `the Service${called}`;
    default: return `the address set${called}`;
  }
}

/** One condition, such as `app=web` or `in namespace shop`. */
export function literalText({ atom, negated }: Literal): string {
  if ('label' in atom) {
    const label = labelText({ test: atom, negated });
    return atom.of === 'namespace' && !(atom.label === NAMESPACE_NAME && atom.op === 'in') ? `a namespace with ${label}` : label;
  }
  return conjunctionText([{ atom, negated }]);
}
