import { entityEnd } from './entity-end';
import { SeenEnd, SeenPod } from './seen-end';
import { isAddress } from '../../../model/cidr';
import { Analysis } from '../../analysis';
import { podElsewhere } from '../../contract/elsewhere';
import { findParty, FoundParty } from '../../find-party';

/**
 * An end of a flow among those that the analysis knows, or what the flow shows of it where it is none of these.
 * @throws when it is none of them, and the flow shows no more
 */
export function findFlowEnd(analysis: Analysis, texts: readonly string[], seen: SeenEnd = {}): FoundParty {
  const { pod } = seen;
  if (pod) { return known(analysis, namesOf(texts, pod)) ?? unknownPod(analysis, pod, seen.address); }
  const entity = entityEnd(analysis, seen);
  let first: unknown;
  for (const text of texts) {
    if (entity && isAddress(text)) { return entity; }
    try {
      return findParty(analysis, text);
    } catch (error) {
      first ??= error;
    }
  }
  if (entity) { return entity; }
  throw first ?? new Error('the flow names no end');
}

/** The first of the texts that is somebody. */
function known(analysis: Analysis, texts: readonly string[]): FoundParty | undefined {
  for (const text of texts) {
    try {
      const found = findParty(analysis, text);
      if (found.parties.length > 0) { return found; }
    } catch {
      // The flow shows what it is.
    }
  }
  return undefined;
}

/** Whose labels are shown is that pod, whichever Service led to it; else the name may be that of a Service. */
const namesOf = (texts: readonly string[], { namespace, labels }: SeenPod): string[] =>
  texts.filter(text => text.startsWith(`${namespace}/`) || (labels === undefined && text.startsWith('svc/')));

function unknownPod(analysis: Analysis, { namespace, name, labels }: SeenPod, address: string | undefined): FoundParty {
  const text = `${namespace}/${name}`;
  const party = podElsewhere(analysis, text, {
    namespace,
    labels: labels ?? {},
    // Cilium shows all labels that its policies see.
    openLabels: labels !== undefined && analysis.cluster.cni === 'cilium' ? ['namespace'] : ['pod', 'namespace'],
  });
  const [{ addressIn: _, ...variant }] = party.variants;
  const all = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`).join(', ');
  return {
    text,
    parties: [address === undefined ? party : { text, variants: [{ ...variant, address }] }],
    notes: [`no workload of the input is ${text}; it is taken for a pod of namespace ${namespace} ${labels === undefined ? 'whose labels are not known' : `with the labels that the flow shows: ${all || 'none'}`}`],
  };
}
