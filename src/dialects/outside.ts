import { describeOrigin, DialectId, isCidr, Target } from './dialect';
import { refuse } from './refusals';
import { containsCidr, familyOf, minimalCidrs, overlaps } from '../model/cidr';
import { Conjunction, disjunction, exprOfAll } from '../model/dnf';
import { Cidr, EndpointExpr } from '../model/endpoint';
import { Match, Policy, Rule } from '../model/policy-set';

/**
 * "An address is outside": where a CNI matches pods and nodes by their addresses, the ranges of a
 * statement about addresses outside lose the stated ranges of pods and nodes.
 */
export function narrowToOutside(dialect: DialectId, policies: readonly Policy[], target: Target): { policies: Policy[]; wider: string[] } {
  const wider: string[] = [];
  const narrowed = policies.map(policy => (!policy.rules.some(isAboutOutside) ? policy : {
    ...policy,
    rules: policy.rules.map((rule, i) => {
      refuseInside(dialect, rule, target, describeOrigin(policy, i));
      const ranges: string[] = [];
      const narrowedRule = narrowRule(rule, target, cidr => ranges.push(cidr));
      if (ranges.length > 0) {
        wider.push(`${describeOrigin(policy, i)}: ${clip(ranges)} may hold pods or nodes, which ${target.cni} matches by address; state podCidrs and nodeCidrs to leave them out`);
      }
      return narrowedRule;
    }),
  }));
  return { policies: narrowed, wider };
}

/** Some of a long list; what is written into an object must stay small. */
function clip(ranges: readonly string[], most: number = 5): string {
  const unique = [...new Set(ranges)];
  return unique.length <= most ? unique.join(', ') : `${unique.slice(0, most).join(', ')} and ${unique.length - most} more`;
}

const isAboutOutside = ({ match }: Rule): boolean => mentionsOutside(match.source) || mentionsOutside(match.destination);

/** Where the CNI matches addresses only outside the cluster, "the address, whoever holds it" cannot be said. */
export function refuseAddresses(dialect: DialectId, policies: readonly Policy[]): void {
  for (const policy of policies) {
    policy.rules.forEach(({ match }, i) => {
      for (const conjunction of [match.source, match.destination].flatMap(disjunction)) {
        const range = conjunction.find(({ atom }) => isCidr(atom));
        const outside = conjunction.some(({ atom, negated }) => !negated && 'kind' in atom && atom.kind === 'external');
        if (range && !outside) { throw refuse(dialect, 'addresses', describeOrigin(policy, i), 'cidr' in range.atom ? range.atom.cidr : undefined); }
      }
    });
  }
}

/** Such a statement would match nothing, in silence. */
function refuseInside(dialect: DialectId, { match }: Rule, target: Target, statement: string): void {
  for (const conjunction of [match.source, match.destination].filter(mentionsOutside).flatMap(disjunction)) {
    const inside = outsideRanges(conjunction).find(({ cidr, shared }) => !shared && isCovered(cidr, target.clusterCidrs));
    if (inside) { throw refuse(dialect, 'inside-cluster', statement, inside.cidr); }
  }
}

/** Whether the ranges hold every address of `cidr`, one alone or several together. */
export function isCovered(cidr: string, ranges: readonly string[]): boolean {
  if (ranges.some(range => containsCidr(range, cidr))) { return true; }
  const parts = minimalCidrs(ranges.filter(range => overlaps(range, cidr)));
  return parts.length > 1 && parts.reduce((sum, part) => sum + shareOf(part, cidr), 0) >= 1;
}

/** Parts that do not overlap add up to the whole exactly: each share is a power of two. */
const shareOf = (part: string, whole: string): number => 2 ** (Number(whole.split('/')[1]) - Number(part.split('/')[1]));

/** The ranges of a conjunction that is about addresses outside. */
function outsideRanges(conjunction: Conjunction): Cidr[] {
  const outside = conjunction.some(({ atom, negated }) => !negated && 'kind' in atom && atom.kind === 'external');
  return outside ? conjunction.flatMap(({ atom, negated }) => (!negated && isCidr(atom) ? [atom] : [])) : [];
}

function narrowRule(rule: Rule, target: Target, onWider: (cidr: string) => void): Rule {
  const match: Match = {
    ...rule.match,
    source: narrow(rule.match.source, target, onWider),
    destination: narrow(rule.match.destination, target, onWider),
  };
  return { ...rule, match };
}

function narrow(expr: EndpointExpr, target: Target, onWider: (cidr: string) => void): EndpointExpr {
  if (!mentionsOutside(expr)) { return expr; }
  return exprOfAll(disjunction(expr).flatMap(conjunction => narrowConjunction(conjunction, target, onWider)));
}

function narrowConjunction(conjunction: Conjunction, target: Target, onWider: (cidr: string) => void): Conjunction[] {
  if (outsideRanges(conjunction).length === 0) { return [conjunction]; }
  const ranges = conjunction.filter(({ atom, negated }) => !negated && isCidr(atom));
  const others = conjunction.filter(literal => !ranges.includes(literal) && !('kind' in literal.atom));
  const inside = target.cidrMatchesPods || target.cidrMatchesNodes ? target.clusterCidrs : [];
  const narrowed = ranges.map(literal => {
    if (!isCidr(literal.atom)) { return literal; }
    const { cidr, except, shared } = literal.atom;
    if (shared) { return { ...literal, atom: { cidr, except } }; }
    const holes = inside.filter(own => overlaps(own, cidr) && !except.some(hole => containsCidr(hole, own)));
    if (target.cidrMatchesPods && !target.clusterCidrsComplete && mayHoldPods(cidr, except)) { onWider(cidr); }
    return { ...literal, atom: { cidr, except: [...except, ...holes] } };
  });
  return [[...narrowed, ...others]];
}

/** Ranges from which pods and nodes are numbered unless somebody says otherwise. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/** Pods of dual-stack clusters often have global IPv6 addresses, numbered from no range that could be listed here. */
const GLOBAL_IPV6 = '2000::/3';
const WIDEST_SITE = 48;

/** The source of the kubelet's probes in ambient mode of Istio, which it leaves to nobody else: https://istio.io/latest/docs/ambient/usage/networkpolicy/ */
const NEVER_PODS = ['fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128'];

/** Whether a range may hold addresses of pods, where nobody says which these are. */
export function mayHoldPods(cidr: string, except: readonly string[]): boolean {
  if (NEVER_PODS.includes(cidr)) { return false; }
  const [, prefix] = cidr.split('/');
  if (familyOf(cidr) === 6 && Number(prefix) < WIDEST_SITE && overlaps(GLOBAL_IPV6, cidr)) { return true; }
  return PRIVATE.some(range => overlaps(range, cidr) && !except.some(hole => containsCidr(hole, range) || containsCidr(hole, cidr)));
}

function mentionsOutside(expr: EndpointExpr): boolean {
  if ('allOf' in expr) { return expr.allOf.some(mentionsOutside); }
  if ('anyOf' in expr) { return expr.anyOf.some(mentionsOutside); }
  if ('not' in expr) { return mentionsOutside(expr.not); }
  return 'kind' in expr && expr.kind === 'external';
}
