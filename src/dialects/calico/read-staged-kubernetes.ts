import { Fields } from '../document-reader';
import { readNetworkPolicySpec } from '../network-policy-rules';
import { ReadContext } from './read-context';
import { readStagedAction } from './staged-action';
import { DEFAULT_TIER, NORMAL_ORDER, policyOrder } from './tiers';
import { Policy } from '../../model/policy-set';

const FIELDS = ['stagedAction', 'podSelector', 'policyTypes', 'ingress', 'egress'];

/** The preview of a networking.k8s.io/v1 NetworkPolicy, which has a place in the default tier. */
export function readStagedKubernetes({ reader, origin }: ReadContext, document: Fields): Policy[] {
  const spec = reader.object(reader.own(document, 'spec'), 'spec');
  reader.only(spec, 'spec', FIELDS);
  const action = readStagedAction(reader, spec, []);
  if (action === 'Delete') { return []; }
  return readNetworkPolicySpec(reader, spec, origin).filter(({ isMeant }) => isMeant).map(({ content }) => ({
    origin,
    stage: DEFAULT_TIER,
    order: policyOrder(NORMAL_ORDER, origin.name, origin.namespace!, origin.kind),
    mode: 'staged',
    ...content,
    ...(action === 'Set' ? {} : { effects: { stagedAction: action } }),
  }));
}
