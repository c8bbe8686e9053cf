import * as fc from 'fast-check';
import { ClusterFacts, NODE_ADDRESS, PodFacts, WorkloadFacts } from './cluster';
import { Manifest } from './manifest';

/** Facts that documents may leave out, and what may be true all the same. */

export const FACTS = ['namespaces', 'accounts', 'addresses', 'pods', 'nodes', 'ranges'] as const;
export type Fact = typeof FACTS[number];

/** The documents without what is forgotten. `ranges` are no documents. */
export function without(documents: readonly Manifest[], facts: readonly Fact[]): Manifest[] {
  const gone: readonly string[] = [
    ...(facts.includes('namespaces') ? ['Namespace'] : []), ...(facts.includes('accounts') ? ['ServiceAccount'] : []), ...(facts.includes('nodes') ? ['Node'] : []),
  ];
  return documents.filter(({ kind, metadata }) => !gone.includes(kind) && !(facts.includes('pods') && metadata.ownerReferences)).map(document => {
    if (document.kind !== 'Pod') { return document; }
    const { status, spec: { nodeName, ...spec }, ...rest } = document;
    const { hostIP: _ip, ...known } = status;
    // A pod in its node's network has the address of the node.
    const placed = facts.includes('addresses') || (spec.hostNetwork && facts.includes('nodes')) ? {} : { status: facts.includes('nodes') ? known : status };
    return { ...rest, spec: facts.includes('nodes') ? spec : { ...spec, nodeName }, ...placed };
  });
}

/** Where pods may be when no range is stated: outside of the usual ranges, and in ranges that policies name. */
const ANYWHERE: readonly string[] = ['10.1.0.10', '203.0.113.71', '198.51.100.8', '172.20.0.9', '192.168.7.77'];
const ANYWHERE_6: readonly string[] = ['2001:db8::77', 'fd00:9::1', '2001:db8:1::77'];

/** Other facts that the same documents leave possible. @param ipv4 whether there is nothing else */
export function completions(facts: ClusterFacts, forgotten: readonly Fact[], ipv4: boolean): fc.Arbitrary<ClusterFacts> {
  const forgets = (fact: Fact): boolean => forgotten.includes(fact);
  const labels = fc.constantFrom<Record<string, string>>({}, { team: 'red' }, { team: 'blue' }, { audited: 'yes' }, { team: 'red', audited: 'no' });
  return fc.record({
    namespaces: forgets('namespaces') ? fc.record({ shop: labels, data: labels, ops: labels }) : fc.constant(facts.namespaces),
    accountLabels: forgets('accounts') ? fc.constantFrom<Record<string, string>>({}, { duty: 'robot' }, { duty: 'other' }) : fc.constant(facts.accountLabels),
    workloads: fc.tuple(...facts.workloads.map((workload, i) => completed(workload, i, forgets, ipv4))),
  });
}

function completed(workload: WorkloadFacts, index: number, forgets: (fact: Fact) => boolean, ipv4: boolean): fc.Arbitrary<WorkloadFacts> {
  const noPods = workload.pods.length === 0 || (forgets('pods') && workload.kind !== 'Pod');
  const openAddress = noPods || forgets('addresses');
  const openNode = noPods || forgets('nodes');
  if (!openAddress && !openNode) { return fc.constant(workload); }
  const count = noPods ? fc.integer({ min: 1, max: 2 }) : fc.constant(workload.pods.length);
  return count.chain(length => fc.array(fc.record({
    node: fc.constantFrom('n1', 'n2'), families: ipv4 ? fc.constant('4') : fc.constantFrom('4', '6', '46'), anywhere: forgets('ranges') ? fc.boolean() : fc.constant(false), place: fc.nat({ max: 9 }),
  }), { minLength: length, maxLength: length })).map(drawn => ({
    ...workload,
    pods: drawn.map(({ node, families, anywhere, place }, i): PodFacts => {
      const known = noPods ? undefined : workload.pods[i];
      const own = openNode ? node : known!.node;
      if (workload.hostNetwork) { return { node: own, ips: [NODE_ADDRESS[own]] }; }
      const number = 32 * index + 16 * i + place + 1;
      const four = anywhere ? ANYWHERE[place % ANYWHERE.length] : `10.244.${place % 2}.${number}`;
      const six = anywhere ? ANYWHERE_6[place % ANYWHERE_6.length] : `fd00:244::${number.toString(16)}`;
      const ips = [...(families.includes('4') ? [four] : []), ...(families.includes('6') ? [six] : [])];
      return { node: own, ips: openAddress ? ips : known!.ips };
    }),
  }));
}
