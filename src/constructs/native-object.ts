import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { nameOf, namespaceOf, pathOf } from './network-policy';
import { checkShape, Struct } from './props';
import { Statements } from './statements';
import type { ResolvedFacts } from '../cluster/cluster';
import { ApplyStep, orderAnnotations } from '../cluster/git-ops';
import { dialectModule } from '../dialects';
import { DialectId, TargetFeatures } from '../dialects/dialect';
import { checkFields } from '../dialects/field-tree';
import { Policy } from '../model/policy-set';

/** Plain JSON, as it is written. */
export type Json = Record<string, unknown>;

/** What the constructs for objects of one CNI share. They are checked when they are made, and nothing is added to them afterwards. */
export interface Native {
  /** The construct path. */
  readonly path: string;
  readonly facts: ResolvedFacts;
  /** What the CNI's operator has switched on. */
  readonly features: TargetFeatures;
}

/** The kind, by the name of its construct, and what the same is called where another CNI runs. */
export interface NativeKind {
  readonly construct: string;
  readonly cni: 'cilium' | 'calico';
  readonly instead: string;
  /** The shape of its props. */
  readonly props: Struct;
}

/**
 * The facts, for a construct that only one CNI enforces, and whose props have their shape.
 * @throws when the cluster has another CNI, or a property is missing or not known
 */
export function nativeOf(scope: Construct, id: string, { construct, cni, instead, props: shape }: NativeKind, props: object): Native {
  const path = pathOf(scope, id);
  const statements = Statements.of(scope);
  statements.hasNatives = true;
  const facts = statements.factsFor(scope);
  if (facts.cni.name !== cni) {
    const name = cni === 'cilium' ? 'Cilium' : 'Calico';
    throw new Error(`${path}: ${construct} is an object of ${name}, and the fact cni is ${facts.cni}, which would not enforce it; ${instead}`);
  }
  inConstruct(path, () => {
    checkGiven(props);
    checkShape(shape, props);
  });
  return { path, facts, features: Object.fromEntries(facts.cni.options.map(option => [option, true])) };
}

/** Name and annotations; the namespace where there is one. */
export function metadataOf(
  scope: Construct, id: string, { facts }: Native, step: ApplyStep, props: { readonly name?: string; readonly namespace?: string },
): Json {
  const annotations = {
    ...orderAnnotations(facts.gitOps, step),
    ...(facts.environment === undefined ? {} : { 'cdk8s-netpol/facts-from-environment': facts.environment }),
  };
  return {
    name: nameOf(scope, id, props.name),
    ...(props.namespace === undefined ? {} : { namespace: props.namespace }),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
}

export const nativeNamespace = (scope: Construct, { path }: Native, stated: string | undefined): string => namespaceOf(scope, path, stated);

/** Runs `make`, and says which construct an error is about. */
export function inConstruct<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(message.startsWith(`${path}: `) || message.startsWith(`${path}, `) ? message : `${path}: ${message}`);
  }
}

/**
 * Holds a document to the fields of its kind, and reads it: what the API server or the CNI would refuse is refused here.
 * @throws with the construct path
 */
export function acceptedPolicies({ path, facts }: Native, dialect: DialectId, document: Json): Policy[] {
  acceptedFields({ path, facts }, dialect, document);
  return inConstruct(path, () => dialectModule(dialect).read(document, undefined, facts.cni.version));
}

/**
 * Holds a document to the fields of its kind.
 * @throws with the construct path
 */
export function acceptedFields({ path, facts }: Pick<Native, 'path' | 'facts'>, dialect: DialectId, document: Json): void {
  const { fields } = dialectModule(dialect);
  const kind = String(document.kind);
  if (!Object.hasOwn(fields, kind)) { throw new Error(`${path}: the fields of ${kind} are not known here`); }
  const problems = checkFields(fields[kind], document, '', facts.cni.version);
  if (problems.length > 0) { throw new Error(`${path}: ${facts.cni} would refuse this ${kind}; in the manifest, ${problems.slice(0, 3).join('; ')}`); }
}

/** Objects whose keys are the user's own; in all others a property that is undefined is one that is left out. */
const MAPS: readonly string[] = ['matchLabels', 'labels', 'nodeLabels', 'annotations'];
const MOST_DEPTH = 20;

/**
 * Plain JavaScript may pass what types would not let through. What is null or undefined, or holds its fields elsewhere, would be written as if nothing
 * had been stated, which mostly means everything.
 * @throws with the place of the value
 */
export function checkGiven(value: unknown, where: string = '', depth: number = 0): void {
  const at = (key: string | number): string => (typeof key === 'number' ? `${where}[${key}]` : where === '' ? key : `${where}.${key}`);
  if (value === null && where !== '') { throw new Error(`${where}: is null; leave it out`); }
  if (value instanceof Map || value instanceof Set) { throw new Error(`${where}: must be a plain object or a list, not a ${value.constructor.name}`); }
  if (typeof value !== 'object' || value === null) { return; }
  if (depth > MOST_DEPTH) { throw new Error(`${where}: is nested too deeply`); }
  const isMap = MAPS.some(name => where === name || where.endsWith(`.${name}`));
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()]
    : [Object.prototype, null].includes(Object.getPrototypeOf(value)) ? Object.entries(value) : [];
  for (const [key, item] of entries) {
    if (item === undefined && (isMap || typeof key === 'number')) { throw new Error(`${at(key)}: is undefined; state it, or leave the entry out`); }
    if (item !== undefined) { checkGiven(item, at(key), depth + 1); }
  }
}

/** Without what is undefined, as the API server gets it. */
export function plain<T>(value: T): T {
  if (Array.isArray(value)) { return value.map(plain) as T; }
  if (Object.prototype.toString.call(value) !== '[object Object]') { return value; }
  return Object.fromEntries(Object.entries(value as Json).filter(([, item]) => item !== undefined).map(([key, item]) => [key, plain(item)])) as T;
}

/** Lists of at most `most` items. */
export function chunks<T>(items: readonly T[], most: number): T[][] {
  const lists: T[][] = [];
  for (let i = 0; i < items.length; i += most) { lists.push(items.slice(i, i + most)); }
  return lists;
}

/** Whether two constructs are written by one chart: between charts a dependency could close a circle with those of the app. */
export const sameChart = (a: Construct, b: Construct): boolean => Chart.of(a) === Chart.of(b);
