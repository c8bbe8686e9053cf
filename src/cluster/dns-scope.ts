/** Which pods are asked, where pods serve DNS. */
export enum DnsScope {
  /** The pods that serve DNS, by their labels. */
  PODS = 'pods',
  /** Every pod of their namespace, on the port of DNS: for clusters whose DNS pods have no labels that one can rely on. */
  NAMESPACE = 'namespace',
}
