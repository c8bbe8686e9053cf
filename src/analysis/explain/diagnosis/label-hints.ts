import { Check, Question } from './diagnosis';
import { typoText } from './label-words';
import { isIdentityLabel } from '../../../dialects/identity-labels';
import { Literal } from '../../../model/dnf';
import { EndpointExpr, LabelTest } from '../../../model/endpoint';
import { NAMESPACE_NAME } from '../../../model/labels';
import { Endpoint, matchesEndpoint, NO, Profile } from '../../../model/match';
import { peerOf, Policy } from '../../../model/policy-set';
import { Analysis } from '../../analysis';
import { nearest as nearestName } from '../../contract/near';
import { Explanation } from '../explanation';
import { labelText } from '../expr-text';
import { mismatch } from '../near-rules';
import { nearest } from '../peer-mismatch';
import { policyText, ruleText } from '../policy-text';

const MOST = 4;

/** Selectors that would match but for one label: a typo, a namespace label that nobody sets, a policy that selects somebody else. */
export function labelHints(analysis: Analysis, question: Question, { sides }: Explanation): Check[] {
  const { set, cluster: { profile } } = analysis;
  const checks: Check[] = [];
  for (const { direction } of sides.filter(({ answer }) => answer === 'denied')) {
    const [own, other] = direction === 'egress' ? [question.source, question.destination] : [question.destination, question.source];
    const [ownEnd, otherEnd] = [own.variants[0], other.variants[0]];
    const flow = direction === 'egress'
      ? { flow: { ...question.traffic, source: ownEnd, destination: otherEnd }, source: own.text, destination: other.text }
      : { flow: { ...question.traffic, source: otherEnd, destination: ownEnd }, source: other.text, destination: own.text };
    for (const policy of set.policies) {
      if (checks.length >= MOST) { return checks; }
      if (policy.direction !== direction || policy.mode !== 'enforce' || !mayBeMeant(policy, ownEnd)) { continue; }
      const selected = matchesEndpoint(policy.subject, ownEnd, profile) !== NO;
      if (selected) {
        for (const rule of policy.rules.filter(({ action }) => action === 'allow')) {
          const reasons = mismatch(direction, rule, flow, profile);
          if (reasons.length !== 1 || reasons[0].about !== 'peer') { continue; }
          const hint = oneLabel(analysis, peerOf(direction, rule.match), otherEnd, profile, other.text);
          if (hint !== undefined) { checks.push({ topic: 'labels', outcome: 'problem', text: `${ruleText(policy, rule)} would match but for one label: ${hint}` }); }
        }
      } else if (policy.rules.some(rule => rule.action === 'allow' && mismatch(direction, rule, flow, profile).length === 0)) {
        const hint = oneLabel(analysis, policy.subject, ownEnd, profile, own.text);
        if (hint !== undefined) { checks.push({ topic: 'labels', outcome: 'problem', text: `${policyText(policy)} would allow it, but does not select ${own.text}: ${hint}` }); }
      }
    }
  }
  return checks;
}

/** Policies of other namespaces are about other pods. */
const mayBeMeant = ({ origin }: Policy, { namespace }: Endpoint): boolean => origin.namespace === undefined || origin.namespace === namespace;

/** What is wrong, where it is one label; else undefined. */
function oneLabel(analysis: Analysis, expr: EndpointExpr, endpoint: Endpoint, profile: Profile, text: string): string | undefined {
  const { failing } = nearest(expr, endpoint, profile) ?? { failing: [] };
  const [literal] = failing;
  if (failing.length !== 1 || !('label' in literal.atom)) { return undefined; }
  return labelHint(analysis, { ...literal, atom: literal.atom }, endpoint, text);
}

function labelHint(analysis: Analysis, { atom, negated }: Literal & { readonly atom: LabelTest }, endpoint: Endpoint, text: string): string {
  const asked = labelText({ test: atom, negated });
  if (atom.of === 'namespace') { return namespaceHint(analysis, atom, asked, endpoint); }
  const own = endpoint.labels && Object.hasOwn(endpoint.labels, atom.label) ? endpoint.labels[atom.label] : undefined;
  if (own !== undefined) { return `it asks for ${asked}, and ${text} has ${atom.label}=${own}${atom.values.map(value => typoText(value, own)).find(typo => typo !== '') ?? ''}`; }
  if (analysis.cluster.cni === 'cilium' && !isIdentityLabel(atom.label)) { return `it asks for ${asked}, a label that Cilium leaves out of identities, so that it never matches; select by another one`; }
  const key = nearestName(atom.label, Object.keys(endpoint.labels ?? {}));
  return `it asks for ${asked}, and ${text} has no label ${atom.label}${key === undefined ? '' : `; it has ${key}=${endpoint.labels![key]}`}`;
}

/** A label that namespaces do not have by themselves. */
function namespaceHint({ world }: Analysis, atom: LabelTest, asked: string, { namespace, namespaceLabels = {} }: Endpoint): string {
  const set = [...world.namespaces.values()].some(({ labels }) => Object.hasOwn(labels, atom.label));
  const own = Object.hasOwn(namespaceLabels, atom.label) ? `namespace ${namespace} has ${atom.label}=${namespaceLabels[atom.label]}` : `namespace ${namespace} has no label ${atom.label}`;
  return `it asks for a namespace with ${asked}, and ${set ? own : `no namespace of the input has the label ${atom.label}`}; every namespace has ${NAMESPACE_NAME}=${namespace ?? 'its name'}`;
}
