import { Fields } from '../document-reader';
import { readLabelSelector } from '../label-selector-reader';
import { readNetworkPolicyRule, readPolicyTypes } from '../network-policy-rules';
import { ReadContext } from './read-context';
import { readStagedAction } from './staged-action';
import { DEFAULT_TIER, NORMAL_ORDER, policyOrder } from './tiers';
import { allOf, inNamespace, POD, selectorExpr } from '../../model/endpoint';
import { DIRECTIONS, Policy } from '../../model/policy-set';

const FIELDS = ['stagedAction', 'podSelector', 'policyTypes', 'ingress', 'egress'];

/** The preview of a networking.k8s.io/v1 NetworkPolicy, which has a place in the default tier. */
export function readStagedKubernetes({ reader, origin }: ReadContext, document: Fields): Policy[] {
  const spec = reader.object(reader.own(document, 'spec'), 'spec');
  reader.only(spec, 'spec', FIELDS);
  const action = readStagedAction(reader, spec, []);
  if (action === 'Delete') { return []; }
  const namespace = origin.namespace!;
  const subject = allOf(POD, inNamespace(namespace), selectorExpr('pod', readLabelSelector(reader, reader.own(spec, 'podSelector') ?? {}, 'spec.podSelector')));
  const types = readPolicyTypes(reader, spec);
  return DIRECTIONS.filter(direction => types.includes(direction)).map(direction => ({
    origin,
    stage: DEFAULT_TIER,
    order: policyOrder(NORMAL_ORDER, origin.name, namespace, origin.kind),
    mode: 'staged',
    direction,
    subject,
    isolates: true,
    rules: (reader.optionalList(reader.own(spec, direction), `spec.${direction}`) ?? [])
      .map((raw, i) => readNetworkPolicyRule(reader, raw, direction, `spec.${direction}[${i}]`, origin)),
    ...(action === 'Set' ? {} : { effects: { stagedAction: action } }),
  }));
}
