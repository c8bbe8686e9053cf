import { boundsOf, isAddress, parseCidr } from '../../model/cidr';

/** The keys of `when`. https://istio.io/latest/docs/reference/config/security/conditions/ */

/** A condition whose answer is not known here. */
export interface Condition {
  readonly key: string;
  readonly values: readonly string[];
  readonly notValues: readonly string[];
}

const HTTP_KEYS = ['request.auth.principal', 'request.auth.audiences', 'request.auth.presenter'];
const OTHER_KEYS = ['source.ip', 'remote.ip', 'source.namespace', 'source.serviceAccount', 'source.principal', 'source.trustDomain',
  'destination.ip', 'destination.port', 'connection.sni'];
const MAPS = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];

/** Those that ztunnel knows. */
export const AMBIENT_KEYS: readonly string[] = ['source.ip', 'source.namespace', 'source.principal', 'destination.ip', 'destination.port'];

/** Conditions that exist in HTTP only. */
export const isHttpKey = (key: string): boolean => key.startsWith('request.');

/** What is wrong with a key, or nothing. */
export function keyProblem(key: string): string | undefined {
  if (HTTP_KEYS.includes(key) || OTHER_KEYS.includes(key)) { return undefined; }
  const map = MAPS.find(prefix => key.startsWith(prefix));
  if (map === undefined) { return key.startsWith('destination.') ? destinationProblem(key) : `${JSON.stringify(key)} is no attribute of Istio (known: ${[...OTHER_KEYS, ...HTTP_KEYS, ...MAPS.map(each => `${each}[...]`)].join(', ')})`; }
  const name = map === 'experimental.envoy.filters.' ? key.slice(key.indexOf('[')) : key.slice(map.length);
  if (!key.includes('[') || !name.startsWith('[') || !name.endsWith(']') || name.length < 3) {
    return `${JSON.stringify(key)} must be of the form ${map}${map.endsWith('.') ? 'NAME' : ''}[NAME]; Istio leaves such a condition or its rule out`;
  }
  return undefined;
}

function destinationProblem(key: string): string {
  const instead = key.startsWith('destination.labels') ? 'use the selector' : key === 'destination.namespace' ? 'use metadata.namespace' : 'it is gone since v1alpha1';
  return `Istio refuses ${JSON.stringify(key)}; ${instead}`;
}

/** An address or a range as Istio takes it, canonical; bits beyond the prefix do not count. */
export function addressRange(text: string): string {
  if (!text.includes('/')) {
    if (!isAddress(text)) { throw new Error(`${JSON.stringify(text)} is no IPv4 or IPv6 address`); }
    return parseCidr(`${text}/${text.includes(':') ? 128 : 32}`);
  }
  const [network] = boundsOf(text);
  return parseCidr(`${network}/${text.split('/')[1]}`);
}
