import { replace, Selector } from './selector';

/** The labels that Calico itself gives to the endpoint of every pod, and how it hands down those of namespace and service account. */

export const NAMESPACE = 'projectcalico.org/namespace';
export const SERVICE_ACCOUNT = 'projectcalico.org/serviceaccount';
export const ORCHESTRATOR = 'projectcalico.org/orchestrator';
export const KUBERNETES = 'k8s';
/** The label of a namespace, and of a service account, that holds its name: in namespaceSelector and serviceAccountSelector. */
export const OWN_NAME = 'projectcalico.org/name';
export const OF_NAMESPACE = 'pcns.';
export const OF_SERVICE_ACCOUNT = 'pcsa.';

/** A namespaceSelector or serviceAccountSelector as a selector of endpoints. */
export const prefixed = (selector: Selector, prefix: string): Selector =>
  replace(selector, part => ('label' in part ? { ...part, label: prefix + part.label } : part));

/** Whether Calico gives this label to pods, and to no host endpoint. */
export const isOfPods = (label: string): boolean =>
  [NAMESPACE, SERVICE_ACCOUNT, ORCHESTRATOR].includes(label) || label.startsWith(OF_NAMESPACE) || label.startsWith(OF_SERVICE_ACCOUNT);
