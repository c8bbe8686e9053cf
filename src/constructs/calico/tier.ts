import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { builtinTiers } from '../../dialects/calico/tiers';
import { dnsLabelProblem } from '../../model/labels';
import { withoutChartNamespace } from '../cluster-scoped';
import { acceptedFields, metadataOf, nativeOf, NativeKind } from '../native-object';
import { anyOf, struct } from '../props';

/** What a tier does with what none of its policies decides. */
export enum CalicoTierAction {
  /** It is dropped. */
  DENY = 'Deny',
  /** The next tier is asked. */
  PASS = 'Pass',
}

/** A tier of Calico, of this app or one that exists. */
export interface ICalicoTier {
  /** The name of the tier. */
  readonly tierName: string;
}

/** Properties of `CalicoTier`. */
export interface CalicoTierProps {
  /** Its place among the tiers, lowest first. The tier "default", with the policies of Kubernetes, is at 1000000. */
  readonly order: number;
  /** What happens to packets of endpoints that its policies select and that none of their rules decides. */
  readonly defaultAction: CalicoTierAction;
  /**
   * The name of the tier, at most 63 characters, without dots.
   * @default - the construct path, as one name
   */
  readonly name?: string;
}

const KIND: NativeKind = {
  construct: 'CalicoTier',
  cni: 'calico',
  instead: 'say it with the tiers of ClusterPolicy, which are written for every CNI that has tiers',
  props: struct<CalicoTierProps>(anyOf('order', 'defaultAction'), anyOf('name')),
};

/**
 * A tier: policies that are asked before those of the next tier. It is written before the policies in it.
 * @see https://docs.tigera.io/calico/latest/reference/resources/tier
 */
export class CalicoTier extends ApiObject implements ICalicoTier {
  /**
   * A tier that this app does not make: one of Calico's own, or of another app. Policies in a tier that does not exist are refused by the API server.
   * @throws when the name is not valid
   */
  public static existing(name: string): ICalicoTier {
    const problem = dnsLabelProblem('Calico tier', name);
    if (problem) { throw new Error(problem); }
    return { tierName: name };
  }

  /** The name of the tier. */
  public readonly tierName: string;

  /**
   * @throws when the cluster does not run Calico, or the name is not valid or that of one of Calico's own tiers
   */
  public constructor(scope: Construct, id: string, props: CalicoTierProps) {
    const native = nativeOf(scope, id, KIND, props);
    const metadata = metadataOf(scope, id, native, 'tier', props);
    const name = String(metadata.name);
    const own = builtinTiers(native.facts.cni.version).find(tier => tier.name === name);
    const problem = own
      ? `the tier ${JSON.stringify(name)} is one of Calico's own, at order ${own.order} with default action ${own.defaultAction}, which cannot be changed; say CalicoTier.existing(${JSON.stringify(name)})`
      : dnsLabelProblem('Calico tier', name);
    if (problem) { throw new Error(`${native.path}: ${problem}`); }
    const { order, defaultAction } = props;
    const document = { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata, spec: { order, defaultAction } };
    acceptedFields(native, 'calico', document);
    super(scope, id, document as never);
    withoutChartNamespace(this);
    this.tierName = name;
  }
}
