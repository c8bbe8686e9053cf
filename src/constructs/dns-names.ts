import { targetOf } from './target';
import type { ResolvedFacts } from '../cluster/cluster';
import { takesAnyDepth } from '../dialects/cilium/names';
import { fqdnProblem } from '../model/fqdn';

/** A resolver tries its search domains for names of up to five labels, and a search domain is two labels inside of the cluster's. */
const DEEPEST = 7;

/**
 * Names that may be asked for, as they are compared.
 * @param path names the construct in an error
 * @throws when there is none, or one is not valid
 */
export function checkedDnsNames(names: readonly string[], path: string): string[] {
  if (names.length === 0) { throw new Error(`${path}: no DNS names are stated, which never means all of them; name at least one, or leave names out`); }
  return names.map(name => {
    const problem = fqdnProblem(name);
    if (problem) { throw new Error(`${path}: ${problem}`); }
    return name.toLowerCase().replace(/\.$/, '');
  });
}

/** Every name below the domain of a cluster: those of Services, and what the search domains of a pod make of other names. */
export const namesBelow = (domain: string, facts: ResolvedFacts): string[] => (takesAnyDepth(targetOf(facts))
  ? [`**.${domain}`]
  : Array.from({ length: DEEPEST }, (_, i) => `${'*.'.repeat(i + 1)}${domain}`));
