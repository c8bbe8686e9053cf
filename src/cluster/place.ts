import { allOf, EndpointExpr, inNamespace, labelIn, POD } from '../model/endpoint';
import { dnsLabelProblem, labelKeyProblem, labelValueProblem } from '../model/labels';

/** Pods at a known place: a namespace and their labels. */
export interface PodsAt {
  /** The namespace of the pods. */
  readonly namespace: string;
  /**
   * The labels of the pods.
   * @default - every pod of the namespace
   */
  readonly labels?: { [key: string]: string };
}

/**
 * The pods as an expression.
 * @throws when a name or label is not valid
 */
export function podsAt({ namespace, labels = {} }: PodsAt): EndpointExpr {
  const problem = dnsLabelProblem('namespace', namespace)
    ?? Object.entries(labels).map(([key, value]) => labelKeyProblem(key) ?? labelValueProblem(key, value)).find(found => found !== undefined);
  if (problem) { throw new Error(problem); }
  return allOf(POD, inNamespace(namespace), ...Object.entries(labels).map(([key, value]) => labelIn('pod', key, value)));
}
