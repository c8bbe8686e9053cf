import { disjunction } from '../../model/dnf';
import { Policy } from '../../model/policy-set';
import { describeOrigin, Target } from '../dialect';
import { peerTerms } from '../peer-terms';
import { refuse as refuseIn } from '../refusals';
import { splitClusters, writeClusters } from './clusters';
import { RESERVED_ENDPOINTS } from './entities';
import { isAboutNodes, writeNodeSubject } from './nodes';
import { withoutOwnEndpoints } from './reserved';
import { checkPods } from './write-peers';
import { reservedSelector, writeSelector } from './write-selector';

const refuse = (statement: string, detail: string) => refuseIn('cilium', 'subject', statement, detail);

/** The endpointSelector or nodeSelector of a spec. */
export function writeSubject(policy: Policy, target: Target): Record<string, unknown> {
  const { namespace } = policy.origin;
  const statement = `${describeOrigin(policy)}, subject`;
  const { others, open } = withoutOwnEndpoints(disjunction(policy.subject));
  const [found, ...more] = splitClusters(others);
  if (!found || more.length > 0 || (open && namespace !== undefined)) { throw refuse(statement, `${others.length} alternatives`); }
  const { conjunction, clusters } = found;
  if (isAboutNodes(conjunction)) {
    if (namespace !== undefined) { throw refuse(statement, 'nodes are for policies of the cluster'); }
    return { nodeSelector: writeNodeSubject(conjunction, clusters, target, statement) };
  }
  const reserved = namespace === undefined ? reservedSelector(conjunction, RESERVED_ENDPOINTS) : undefined;
  if (reserved) { return { endpointSelector: reserved }; }
  const terms = peerTerms(conjunction);
  if (terms.cidrs.length + terms.entities.length + terms.fqdns.length > 0) { throw refuse(statement, 'it must be pods'); }
  checkPods(terms, statement);
  if (namespace !== undefined && (terms.namespaces.length !== 1 || terms.namespaces[0] !== namespace || terms.notNamespaces.length > 0
    || terms.labels.some(({ test }) => test.of === 'namespace'))) {
    throw refuse(statement, `it must be in namespace ${namespace}`);
  }
  const surroundings = { own: namespace, clusters: writeClusters(clusters, target.version, 'subject', statement), open };
  return { endpointSelector: writeSelector(terms, surroundings, statement) };
}
