import { compareCidrs, hostRange, isAddress, parseCidr } from '../../model/cidr';
import { labelKeyProblem, labelValueProblem } from '../../model/labels';
import { acceptedFields, inConstruct, Json, Native } from '../native-object';

/** What sets of addresses state. */
export interface CalicoNetworkSetOptions {
  /** The addresses and ranges; an address alone is a range of one. */
  readonly nets: string[];
  /** The labels by which selectors of rules match the set; at least one. */
  readonly labels: { [key: string]: string };
  /**
   * The name of the object, at most 253 characters.
   * @default - the construct path, as one name
   */
  readonly name?: string;
}

/** The document of a set, accepted by Calico. */
export function networkSet(native: Native, kind: string, metadata: Json, { nets, labels }: CalicoNetworkSetOptions): Json {
  const document = inConstruct(native.path, () => {
    if (Object.keys(labels ?? {}).length === 0) { throw new Error('labels: rules find a set by its labels only; state at least one'); }
    for (const [key, value] of Object.entries(labels)) {
      const problem = labelKeyProblem(key) ?? labelValueProblem(key, value)
        ?? (key === 'projectcalico.org/namespace' ? 'the label "projectcalico.org/namespace" is Calico\'s own; select by another one' : undefined);
      if (problem) { throw new Error(`labels: ${problem}`); }
    }
    if (nets.length === 0) { throw new Error('nets: a set without addresses matches nothing; state some'); }
    const ranges = [...new Set(nets.map((net, i) => inConstruct(`nets[${i}]`, () => parseCidr(isAddress(String(net)) ? hostRange(net) : String(net)))))].sort(compareCidrs);
    return { apiVersion: 'projectcalico.org/v3', kind, metadata: { ...metadata, labels }, spec: { nets: ranges } };
  });
  acceptedFields(native, 'calico', document);
  return document;
}
