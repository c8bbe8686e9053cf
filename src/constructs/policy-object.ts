import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { withoutChartNamespace } from './cluster-scoped';
import { addRule, allows, denies, Isolation, PolicyRule } from './policy-rule';
import { PolicyStatement, Subject } from './policy-statement';
import { Statements } from './statements';
import { Dialect } from '../cluster/dialect';
import { Direction } from '../model/policy-set';

/**
 * What the constructs that write a policy share. A policy is one API object, since each synth walks the
 * whole app once for each chart; only Calico needs a second one where a policy both allows and denies.
 */
export interface PolicyObjectProps {
  /** Undefined for a cluster-wide policy. */
  readonly namespace?: string;
  readonly name: string;
  readonly subject: Subject;
  readonly ingress?: readonly PolicyRule[];
  readonly egress?: readonly PolicyRule[];
  readonly isolate?: Isolation;
  readonly dns: boolean;
  readonly step?: 'policy' | 'default-deny';
}

export interface PreparedPolicy {
  readonly statement: PolicyStatement;
  readonly documentName: string;
  readonly statements: Statements;
  /** What the caller said about isolation; what was left open follows from the rules. */
  readonly isolate?: Isolation;
}

/** The part before `super(...)` of a construct that is an API object. */
export function preparePolicy(scope: Construct, path: string, props: PolicyObjectProps): PreparedPolicy {
  const statements = Statements.of(scope);
  const facts = statements.factsFor(scope);
  const statement = statements.state({
    path,
    ...(props.namespace === undefined ? {} : { namespace: props.namespace }),
    name: props.name,
    subject: props.subject,
    isolates: {
      ingress: props.isolate?.ingress ?? allows(props.ingress),
      egress: props.isolate?.egress ?? allows(props.egress),
    },
    dns: props.dns,
    step: props.step ?? 'policy',
  });
  props.ingress?.forEach(rule => addRule(statement, 'ingress', rule));
  props.egress?.forEach(rule => addRule(statement, 'egress', rule));
  // A policy that only denies is, in Calico, the document in the tier for denies.
  const { ingress, egress } = statement.isolates;
  const onlyDenies = statement.hasDeny && !ingress && !egress && !allows(props.ingress) && !allows(props.egress);
  const documentName = facts.dialect === Dialect.CALICO && onlyDenies ? denyName(facts.calicoDenyTier, props.name) : props.name;
  return { statement, documentName, statements, isolate: props.isolate };
}

/** The part after it. */
export function finishPolicy(object: ApiObject, { statement, documentName, statements }: PreparedPolicy, owner: Construct = object): void {
  statements.own(object, statement, documentName, owner);
  if (statement.props.namespace === undefined) { withoutChartNamespace(object); }
  if (statement.hasDeny) { denyDocument(object, statement, statements); }
}

/** Adds a rule to a policy that stands already. */
export function extendPolicy(object: ApiObject, prepared: PreparedPolicy, direction: Direction, rule: PolicyRule): void {
  const { statement, statements, documentName } = prepared;
  const allowing = allows([rule]);
  if (allowing && documentName !== statement.props.name) {
    throw new Error(`${statement} only denies; state what it allows in a policy of its own`);
  }
  addRule(statement, direction, rule);
  if (allowing && prepared.isolate?.[direction] === undefined) { statement.isolates[direction] = true; }
  if (denies([rule])) { denyDocument(object, statement, statements); }
  statements.touch();
}

const denyName = (tier: string, name: string): string => `${tier}.${name.replace(/\./g, '-')}`;

/** Calico keeps denies in a tier of their own, where they come before what any policy allows. */
function denyDocument(object: ApiObject, statement: PolicyStatement, statements: Statements): void {
  const facts = statements.factsFor(object);
  if (facts.dialect !== Dialect.CALICO) { return; }
  const name = denyName(facts.calicoDenyTier, statement.props.name);
  if (!statement.objects.has(name)) {
    const second = new ApiObject(object, 'Deny', statements.objectProps(statement, object, name));
    statements.own(second, statement, name);
    if (statement.props.namespace === undefined) { withoutChartNamespace(second); }
  }
  statements.requireDenyTier(statement, facts);
}
