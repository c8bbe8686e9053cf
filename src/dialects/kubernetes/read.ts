import { allOf, inNamespace, POD, selectorExpr } from '../../model/endpoint';
import { DIRECTIONS, NORMAL, Policy } from '../../model/policy-set';
import { DocumentReader } from '../document-reader';
import { readLabelSelector } from '../label-selector-reader';
import { readNetworkPolicyRule, readPolicyTypes } from '../network-policy-rules';

/** networking.k8s.io/v1 NetworkPolicy, with the defaults that the API server fills in. */
export function readKubernetes(document: unknown, at?: string): Policy[] {
  const { reader, fields, origin } = DocumentReader.open(document, at);
  if (origin.apiVersion !== 'networking.k8s.io/v1' || origin.kind !== 'NetworkPolicy') { throw reader.fail('kind', 'this is not a networking.k8s.io/v1 NetworkPolicy'); }
  const namespace = origin.namespace ?? 'default';
  const spec = reader.object(reader.own(fields, 'spec') ?? {}, 'spec');
  reader.only(spec, 'spec', ['podSelector', 'policyTypes', 'ingress', 'egress']);
  const subject = allOf(POD, inNamespace(namespace), selectorExpr('pod', readLabelSelector(reader, reader.own(spec, 'podSelector') ?? {}, 'spec.podSelector')));
  return DIRECTIONS.filter(direction => readPolicyTypes(reader, spec).includes(direction)).map(direction => ({
    origin: { ...origin, namespace },
    stage: NORMAL,
    order: [],
    mode: 'enforce',
    direction,
    subject,
    isolates: true,
    rules: (reader.optionalList(reader.own(spec, direction), `spec.${direction}`) ?? [])
      .map((raw, i) => readNetworkPolicyRule(reader, raw, direction, `spec.${direction}[${i}]`, { ...origin, namespace })),
  }));
}
