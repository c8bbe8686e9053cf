import { NORMAL, Policy } from '../../model/policy-set';
import { DocumentReader } from '../document-reader';
import { withReasons } from '../justifications';
import { readNetworkPolicySpec } from '../network-policy-rules';

/** networking.k8s.io/v1 NetworkPolicy, with the defaults that the API server fills in. */
export function readKubernetes(document: unknown, at?: string): Policy[] {
  const { reader, fields, origin: stated } = DocumentReader.open(document, at);
  if (stated.apiVersion !== 'networking.k8s.io/v1' || stated.kind !== 'NetworkPolicy') { throw reader.fail('kind', 'this is not a networking.k8s.io/v1 NetworkPolicy'); }
  const { namespace = 'default' } = stated;
  const origin = stated.namespace === undefined ? { ...stated, namespace } : stated;
  const spec = reader.object(reader.own(fields, 'spec') ?? {}, 'spec');
  reader.only(spec, 'spec', ['podSelector', 'policyTypes', 'ingress', 'egress']);
  return withReasons(document, readNetworkPolicySpec(reader, spec, origin).map(({ isMeant, content: { direction, subject, isolates, rules } }) => {
    const policy: Policy = { origin, stage: NORMAL, order: NO_ORDER, mode: 'enforce', direction, subject, isolates, rules };
    return isMeant ? policy : { ...policy, mode: 'void', voidBecause: `policyTypes leaves ${direction} out, so that only Cilium looks at its rules` };
  }));
}

const NO_ORDER: Policy['order'] = [];
