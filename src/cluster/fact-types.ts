import type { ClusterFacts } from './cluster';
import { Dialect } from './dialect';
import { GitOps } from './git-ops';

/** Facts that are values of classes of this library, with the class. */
const NAMED = {
  cni: 'Cni',
  dns: 'Dns',
  cloud: 'Cloud',
  ingressController: 'IngressController',
  mesh: 'Mesh',
  monitoring: 'Monitoring',
  distribution: 'Distribution',
} as const satisfies Partial<Record<keyof ClusterFacts, string>>;

const LISTS_OF_TEXTS = [
  'systemNamespaces', 'addons', 'serviceCidrs', 'podCidrs', 'nodeCidrs', 'apiServerCidrs',
] as const satisfies readonly (keyof ClusterFacts)[];
const TEXTS = ['kubernetes', 'calicoDenyTier'] as const satisfies readonly (keyof ClusterFacts)[];
const CHOICES = {
  dialect: Object.values(Dialect),
  gitOps: Object.values(GitOps),
} as const satisfies Partial<Record<keyof ClusterFacts, readonly string[]>>;

/**
 * What is wrong with the types of facts. Callers from plain JavaScript and other languages are not held to them by a compiler, and a text that stands
 * for a distribution would be none at all.
 */
export function factTypeProblem(facts: ClusterFacts): string | undefined {
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== undefined && value !== null));
  for (const [fact, type] of Object.entries(NAMED)) {
    const value = given[fact];
    if (typeof value === 'string') { return `${fact} is the text ${JSON.stringify(value)}; say ${type}.parse(${JSON.stringify(value)})`; }
    // Another copy of the library has classes of its own: what counts is that there is a name.
    if (fact in given && !hasName(value)) { return `${fact} is ${shown(value)}, and no ${type}; say ${type}.parse("...")`; }
  }
  for (const fact of TEXTS) {
    if (fact in given && typeof given[fact] !== 'string') { return `${fact} is ${shown(given[fact])}, and no text; write it in quotes`; }
  }
  for (const fact of LISTS_OF_TEXTS) {
    const value = given[fact];
    if (fact in given && !Array.isArray(value)) { return `${fact} is ${shown(value)}, and no list; write [...]`; }
    const wrong = (value as readonly unknown[] | undefined)?.findIndex(item => typeof item !== 'string') ?? -1;
    if (wrong >= 0) { return `${fact}[${wrong}] is ${shown((value as readonly unknown[])[wrong])}, and no text`; }
  }
  for (const [fact, known] of Object.entries(CHOICES)) {
    if (fact in given && !known.some(choice => choice === given[fact])) { return `${fact} is ${shown(given[fact])}; use one of ${known.join(', ')}`; }
  }
  if ('strict' in given && typeof given.strict !== 'boolean') { return `strict is ${shown(given.strict)}; state true or false`; }
  return undefined;
}

const hasName = (value: unknown): boolean => typeof value === 'object' && value !== null && typeof (value as { readonly name?: unknown }).name === 'string';

const shown = (value: unknown): string => (typeof value === 'function' ? `the function ${value.name}` : JSON.stringify(value) ?? String(value)).slice(0, 120);
