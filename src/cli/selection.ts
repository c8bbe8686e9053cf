import { UsageError } from './usage-error';
import { Analysis } from '../analysis/analysis';
import { Selection, selection } from '../analysis/connections/selection';
import { findParty } from '../analysis/find-party';

interface Selected {
  readonly namespace?: readonly string[];
  readonly workload?: readonly string[];
}

/**
 * What --namespace and --workload ask for.
 * @throws for what none of the analyses holds: a list of nothing would look like one of no connections
 */
export function selected({ namespace: namespaces, workload: workloads }: Selected, ...analyses: readonly Analysis[]): Selection {
  for (const name of namespaces ?? []) {
    if (analyses.some(({ world }) => world.namespaces.has(name))) { continue; }
    const others = someOf(analyses.flatMap(({ world }) => [...world.namespaces.keys()]));
    throw new UsageError(`--namespace: there is no namespace ${JSON.stringify(name)} in the input; there are ${others}`);
  }
  for (const name of workloads ?? []) {
    const wanted = selection({ workloads: [name] });
    if (name !== '{ingress-controller}' && !analyses.some(({ parties }) => parties.some(wanted))) { explainMissing(analyses[0], name); }
  }
  return { ...(namespaces ? { namespaces } : {}), ...(workloads ? { workloads } : {}) };
}

const MOST = 5;

function someOf(names: readonly string[]): string {
  const all = [...new Set(names)];
  return all.length === 0 ? 'none' : `${all.slice(0, MOST).join(', ')}${all.length > MOST ? ` and ${all.length - MOST} more` : ''}`;
}

/** Looking for it says what is like it. */
function explainMissing(analysis: Analysis, name: string): never {
  findParty(analysis, name);
  throw new UsageError(`--workload: ${JSON.stringify(name)} is no workload; write ns/workload, such as shop/web`);
}
