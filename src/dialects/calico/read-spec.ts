import { EndpointExpr } from '../../model/endpoint';
import { Direction, DIRECTIONS, Hook, Policy, Rule } from '../../model/policy-set';
import { DocumentReader, Fields } from '../document-reader';
import { NAMESPACE, OF_NAMESPACE, OF_SERVICE_ACCOUNT, prefixed, SERVICE_ACCOUNT } from './labels';
import { boundedList, ReadContext } from './read-context';
import { readSelector, withConstants } from './read-entity';
import { readRule } from './read-rule';
import { equals, every, Selector } from './selector';
import { hostsExpr, subjectExpr } from './selector-expr';
import { builtinTier, policyOrder } from './tiers';
import { MOST_RULES } from './version';

type Rules = Readonly<Record<Direction, readonly Rule[]>>;

/** One policy for each direction, and one more where packets that are only forwarded are judged too. */
export function readSpec(context: ReadContext, spec: Fields, tier: string): Policy[] {
  const { reader, origin, version } = context;
  const order = reader.own(spec, 'order');
  const subject = readSubject(context, spec);
  const rules: Rules = { ingress: readRules(context, spec, 'ingress'), egress: readRules(context, spec, 'egress') };
  const types = readTypes(reader, spec, rules);
  const effects = readEffects(reader, spec);
  const common = {
    origin,
    stage: tier,
    order: policyOrder(order === undefined ? undefined : reader.number(order, 'spec.order'), origin.name, origin.namespace, origin.kind),
    mode: 'enforce' as const,
    // Other tiers are known when the Tier objects are: `link` corrects this.
    isolates: builtinTier(tier, version)?.defaultAction !== 'Pass',
    ...(effects ? { effects } : {}),
  };
  const { hook, forwarded } = readHooks(context, spec, types, rules);
  const directions = DIRECTIONS.filter(direction => types.includes(direction));
  const at = (more: Pick<Policy, 'subject' | 'hook'>, isolates: boolean = common.isolates): Policy[] =>
    directions.map(direction => ({ ...common, isolates, direction, ...more, rules: rules[direction] }));
  // No tier ends with a drop there.
  if (hook) { return at({ subject: subject.hosts, hook }, false); }
  return [...at({ subject: subject.all }), ...(forwarded ? at({ subject: subject.hosts, hook: 'forwarded' }) : [])];
}

/** As Calico combines them: in a global policy with a namespaceSelector a stated all() means what is in a namespace, and so on. */
function readSubject(context: ReadContext, spec: Fields): { readonly all: EndpointExpr; readonly hosts: EndpointExpr } {
  const { namespace } = context.origin;
  const selector = readSelector(context, spec, 'selector', 'spec');
  const accounts = readSelector(context, spec, 'serviceAccountSelector', 'spec');
  const namespaces = readSelector(context, spec, 'namespaceSelector', 'spec');
  let parts: Selector[] = [...(namespace === undefined ? [] : [equals(NAMESPACE, namespace)]), ...(selector ? [selector] : [])];
  if (namespaces) { parts = [prefixed(namespaces, OF_NAMESPACE), ...parts].map(part => withConstants(part, NAMESPACE)); }
  if (accounts) { parts = [...parts, prefixed(accounts, OF_SERVICE_ACCOUNT)].map(part => withConstants(part, SERVICE_ACCOUNT)); }
  const whole = every(parts);
  return context.reader.at('spec', () => ({ all: subjectExpr(whole), hosts: hostsExpr(whole) }));
}

/** Absent: the directions that have rules, and Ingress when none has. */
function readTypes(reader: DocumentReader, spec: Fields, rules: Rules): Direction[] {
  const given = reader.optionalList(reader.own(spec, 'types'), 'spec.types') ?? [];
  const types = given.map((type, i): Direction => (reader.oneOf(type, `spec.types[${i}]`, ['Ingress', 'Egress']) === 'Ingress' ? 'ingress' : 'egress'));
  if (new Set(types).size < types.length) { throw reader.fail('spec.types', 'states a direction twice, which Calico\'s validator refuses'); }
  if (types.length > 0) { return types; }
  if (rules.egress.length === 0) { return ['ingress']; }
  return rules.ingress.length === 0 ? ['egress'] : ['ingress', 'egress'];
}

const readRules = (context: ReadContext, spec: Fields, direction: Direction): Rule[] =>
  boundedList(context, spec, direction, 'spec', MOST_RULES).map((raw, i) => readRule({ ...context, direction }, raw, `spec.${direction}[${i}]`));

/** The flags say nothing about pods. */
function readHooks({ reader }: ReadContext, spec: Fields, types: readonly Direction[], rules: Rules): { hook?: Hook; forwarded: boolean } {
  const [doNotTrack, preDNAT, forwarded] = ['doNotTrack', 'preDNAT', 'applyOnForward']
    .map(field => reader.boolean(reader.own(spec, field) ?? false, `spec.${field}`));
  if (doNotTrack && preDNAT) { throw reader.fail('spec.preDNAT', 'may not stand beside doNotTrack; write a policy for each'); }
  if ((doNotTrack || preDNAT) && !forwarded) { throw reader.fail('spec.applyOnForward', `must be true beside ${preDNAT ? 'preDNAT' : 'doNotTrack'}, since the policy also sees packets that are forwarded`); }
  if (preDNAT && (types.includes('egress') || rules.egress.length > 0)) { throw reader.fail('spec.preDNAT', 'is for ingress only: write types: [Ingress], and no egress rules'); }
  return { ...(preDNAT ? { hook: 'pre-dnat' as const } : doNotTrack ? { hook: 'untracked' as const } : {}), forwarded };
}

function readEffects(reader: DocumentReader, spec: Fields): Policy['effects'] {
  const hints = (reader.optionalList(reader.own(spec, 'performanceHints'), 'spec.performanceHints') ?? [])
    .map((hint, i) => reader.oneOf(hint, `spec.performanceHints[${i}]`, ['AssumeNeededOnEveryNode']));
  return hints.length > 0 ? { performanceHints: hints } : undefined;
}
