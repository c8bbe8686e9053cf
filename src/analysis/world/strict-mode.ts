import { Implicit, implicitPolicy, implicitRule } from './implicit-policy';
import { allOf, anyOf, EndpointExpr, not, POD } from '../../model/endpoint';
import { DIRECTIONS, NORMAL, Policy, PolicySet } from '../../model/policy-set';
import { ResolvedCluster } from '../cluster';
import { undecided } from '../undecided';

/** In the strict mode of AWS's VPC CNI a pod is closed in both directions until a policy selects it, whichever direction that one is about. */

const STRICT: Implicit = {
  by: 'AWS VPC CNI',
  name: 'strict mode, no policy selects the pod',
  source: 'https://github.com/aws/aws-network-policy-agent/blob/main/controllers/policyendpoints_controller.go',
};

export const isStrict = ({ cni, features }: Pick<ResolvedCluster, 'cni' | 'features'>): boolean => cni === 'aws-vpc' && features?.strict === true;

/** What closes the pods that nobody selects, those of kube-system too: only what is on the network of nodes is exempt. */
export function strictMode({ policies }: PolicySet, ownNode: EndpointExpr): Policy[] {
  const subject = allOf(POD, not(anyOf(...new Set(policies.filter(selectsPods).map(each => each.subject)))));
  return DIRECTIONS.map(direction => implicitPolicy(STRICT, {
    direction,
    stage: NORMAL,
    subject,
    isolates: true,
    rules: [undecided(implicitRule(STRICT, 'allow', direction === 'ingress' ? { source: ownNode } : { destination: ownNode }), OWN_NODE)],
  }));
}

const selectsPods = ({ mode, origin, stage }: Policy): boolean => mode === 'enforce' && stage === NORMAL && origin.apiVersion.startsWith('networking.k8s.io/');

/** The agent enters the address of the node with the rules of a policy: https://github.com/aws/aws-network-policy-agent/issues/635 */
const OWN_NODE = 'whether a pod that no policy selects is open to its own node in strict mode';
