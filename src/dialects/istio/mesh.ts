/** What a reader or a writer must know of the mesh. Plain data: the facts live elsewhere. */
export interface IstioMesh {
  /** Policies of this namespace are for the whole mesh. */
  readonly rootNamespace: string;
  readonly trustDomain: string;
  /** Earlier or other names of the same trust domain. */
  readonly trustDomainAliases: readonly string[];
  /** Who enforces a policy that selects workloads: a sidecar, or ztunnel, which sees no requests. */
  readonly dataPlane: 'sidecar' | 'ambient';
  /** Whether workloads take no plaintext (PeerAuthentication STRICT), so that every caller has an identity. */
  readonly strictMtls: boolean;
}

export const DEFAULT_MESH: IstioMesh = {
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  trustDomainAliases: [],
  dataPlane: 'sidecar',
  strictMtls: false,
};

/** What every installation calls its own trust domain in policies, whatever its name is. */
const OWN = 'cluster.local';

/**
 * The principals that Istio takes one for: those of the own trust domain stand for all names that it has.
 * https://istio.io/latest/docs/tasks/security/authorization/authz-td-migration/
 */
export function withAliases(principal: string, { trustDomain, trustDomainAliases }: IstioMesh): string[] {
  const domains = [trustDomain, ...trustDomainAliases];
  const [own, ...rest] = principal.split('/');
  const ends = (domain: string) => own.startsWith('*') && domain.endsWith(own.slice(1));
  if (rest.length !== 4 || own === '*' || (own !== OWN && !domains.some(domain => domain === own || ends(domain)))) { return [principal]; }
  return [...new Set(domains.map(domain => (ends(domain) ? principal : [domain, ...rest].join('/'))))];
}
