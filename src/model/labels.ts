/** What Kubernetes accepts as label keys, label values and names. Each function returns what is wrong, or nothing. */

/** The label that every namespace has, with its name. */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/**
 * By this label of a namespace OpenShift lets policies select what runs on the network of the nodes; a selector of pods must stand beside it, and
 * be empty. https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/network_security/network-policy
 */
export const HOST_NETWORK_GROUP = 'policy-group.network.openshift.io/host-network';

const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Documents have few keys, and each of them over and over. */
const VALID_KEYS = new Set<string>();
const MOST_KEYS = 10_000;

export function labelKeyProblem(key: string): string | undefined {
  if (VALID_KEYS.has(key)) { return undefined; }
  const problem = newKeyProblem(key);
  if (problem === undefined && VALID_KEYS.size < MOST_KEYS) { VALID_KEYS.add(key); }
  return problem;
}

function newKeyProblem(key: string): string | undefined {
  const parts = key.split('/');
  const name = parts[parts.length - 1];
  if (parts.length > 2 || (parts.length === 2 && (parts[0].length > 253 || !DNS_SUBDOMAIN.test(parts[0])))) {
    return `label key ${JSON.stringify(key)} has an invalid prefix: it must be a DNS name of at most 253 characters before one "/"`;
  }
  if (name.length > 63 || !NAME.test(name)) {
    return `label key ${JSON.stringify(key)} is invalid: a name has 1 to 63 letters, digits, "-", "_" or ".", and begins and ends with a letter or digit`;
  }
  return undefined;
}

export function labelValueProblem(key: string, value: string): string | undefined {
  // YAML and plain JavaScript have numbers where a label has text.
  if (typeof value !== 'string') {
    const [shown, quoted]: unknown[] = [JSON.stringify(value), isScalar(value) ? `, as "${String(value)}"` : ''];
    return `label value ${shown} of ${JSON.stringify(key)} is not a string; quote it${quoted}`;
  }
  if (value.length > 63 || (value !== '' && !NAME.test(value))) {
    return `label value ${JSON.stringify(value)} of ${JSON.stringify(key)} is invalid: a value has at most 63 letters, digits, "-", "_" or ".", and begins and ends with a letter or digit`;
  }
  return undefined;
}

const isScalar = (value: unknown): boolean => typeof value === 'number' || typeof value === 'boolean';

/** Names of namespaces and tiers. */
export function dnsLabelProblem(what: string, name: string): string | undefined {
  if (name.length > 63) { return `${what} ${JSON.stringify(name)} has ${name.length} characters; at most 63 are allowed`; }
  return DNS_LABEL.test(name) ? undefined : `${what} ${JSON.stringify(name)} is invalid: use lower-case letters, digits and "-", beginning and ending with a letter or digit`;
}

/** Names of most other objects. */
export function dnsSubdomainProblem(what: string, name: string): string | undefined {
  if (name.length > 253) { return `${what} ${JSON.stringify(name.slice(0, 40) + '...')} has ${name.length} characters; at most 253 are allowed`; }
  return DNS_SUBDOMAIN.test(name) ? undefined : `${what} ${JSON.stringify(name)} is invalid: use lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit`;
}

/** A container port's name. */
export function portNameProblem(name: string): string | undefined {
  return name.length <= 15 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && /[a-z]/.test(name)
    ? undefined
    : `port name ${JSON.stringify(name)} is invalid: at most 15 lower-case letters, digits and single inner "-", with at least one letter`;
}
