import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { tierOf } from './calico-tiers';
import { withoutChartNamespace } from './cluster-scoped';
import { Justification, justified } from './justification';
import { PolicyMode } from './policy-props';
import { addRule, allows, denies, Isolation, PolicyRule } from './policy-rule';
import { PolicyStatement, Subject, UpperStage } from './policy-statement';
import { Statements } from './statements';
import type { ResolvedFacts } from '../cluster/cluster';
import { Dialect } from '../cluster/dialect';
import { nameInTier } from '../dialects/calico';
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
  readonly mode?: PolicyMode;
  readonly step?: 'policy' | 'default-deny';
  /** Its tier, in which it never isolates; undefined for one beside the policies of namespaces. */
  readonly stage?: UpperStage;
  readonly priority?: number;
  /** Why there is such a policy; its rules may have reasons of their own. */
  readonly why?: Justification;
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
  const isolating = props.stage === undefined;
  const statement = statements.state({
    path,
    ...(props.namespace === undefined ? {} : { namespace: props.namespace }),
    name: props.name,
    subject: props.subject,
    isolates: {
      ingress: isolating && (props.isolate?.ingress ?? allows(props.ingress)),
      egress: isolating && (props.isolate?.egress ?? allows(props.egress)),
    },
    dns: props.dns,
    step: props.step ?? 'policy',
    ...(isolating ? {} : { stage: props.stage, priority: props.priority }),
    ...(isAudited(props.mode, path) ? { staged: true } : {}),
  });
  const why = props.why && justified(props.why, () => `${statement}`);
  if (why) { statement.justify(why); }
  props.ingress?.forEach(rule => addRule(statement, 'ingress', rule));
  props.egress?.forEach(rule => addRule(statement, 'egress', rule));
  return { statement, documentName: documentNameOf(statement, props, facts), statements, isolate: props.isolate };
}

/** In Calico a policy of a tier is called by it too; one that only denies is the document in the tier for denies. */
function documentNameOf(statement: PolicyStatement, { name, stage, ingress, egress }: PolicyObjectProps, facts: ResolvedFacts): string {
  if (facts.dialect !== Dialect.CALICO) { return name; }
  if (stage !== undefined) { return nameInTier(tierOf(statement, facts)!.metadata.name, name); }
  const onlyDenies = statement.hasDeny && !statement.isolates.ingress && !statement.isolates.egress && !allows(ingress) && !allows(egress);
  return onlyDenies ? nameInTier(facts.calicoDenyTier, name) : name;
}

/** Callers from other languages and plain JavaScript are not held to the enum by a compiler. */
function isAudited(mode: PolicyMode = PolicyMode.ENFORCE, path: string): boolean {
  if (!Object.values(PolicyMode).includes(mode)) { throw new Error(`${path}: mode ${JSON.stringify(mode)} is not known; use one of ${Object.values(PolicyMode).join(', ')}`); }
  return mode === PolicyMode.AUDIT;
}

/** The part after it. */
export function finishPolicy(object: ApiObject, { statement, documentName, statements }: PreparedPolicy, owner: Construct = object): void {
  statements.own(object, statement, documentName, owner);
  if (statement.props.namespace === undefined) { withoutChartNamespace(object); }
  inItsTier(object, statement, statements);
}

/** Adds a rule to a policy that stands already. */
export function extendPolicy(object: ApiObject, prepared: PreparedPolicy, direction: Direction, rule: PolicyRule): void {
  const { statement, statements, documentName } = prepared;
  const allowing = allows([rule]) && statement.props.stage === undefined;
  if (allowing && documentName !== statement.props.name) {
    throw new Error(`${statement} only denies; state what it allows in a policy of its own`);
  }
  addRule(statement, direction, rule);
  if (allowing && prepared.isolate?.[direction] === undefined) {
    statement.isolates[direction] = true;
    statements.authorizeInMesh(statement);
  }
  if (denies([rule])) { inItsTier(object, statement, statements); }
  statements.touch();
}

/** Calico keeps denies in a tier of their own, where they come before what any policy allows. */
function inItsTier(object: ApiObject, statement: PolicyStatement, statements: Statements): void {
  if (!statement.hasDeny && statement.props.stage === undefined) { return; }
  const facts = statements.factsFor(object);
  if (facts.dialect !== Dialect.CALICO) { return; }
  const name = nameInTier(facts.calicoDenyTier, statement.props.name);
  if (statement.props.stage === undefined && !statement.objects.has(name)) {
    const second = new ApiObject(object, 'Deny', statements.objectProps(statement, object, name));
    statements.own(second, statement, name);
    if (statement.props.namespace === undefined) { withoutChartNamespace(second); }
  }
  statements.calicoTiers.require(statement, facts);
}
