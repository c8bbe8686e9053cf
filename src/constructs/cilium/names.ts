import { Json } from '../native-object';

/** What jsii's camel case changes: the names of properties as Cilium spells them. */
const FIELDS: Readonly<Record<string, string>> = {
  fromCidr: 'fromCIDR',
  fromCidrSet: 'fromCIDRSet',
  toCidr: 'toCIDR',
  toCidrSet: 'toCIDRSet',
  toFqdns: 'toFQDNs',
  terminatingTls: 'terminatingTLS',
  originatingTls: 'originatingTLS',
  trustedCa: 'trustedCA',
  clientId: 'clientID',
  securityGroupIds: 'securityGroupsIds',
  securityGroupNames: 'securityGroupsNames',
};

export const fieldName = (property: string): string => (Object.hasOwn(FIELDS, property) ? FIELDS[property] : property);

/**
 * The properties of a struct by the names of Cilium. One that is not known goes along, for the field tree to refuse: dropped, it would leave
 * a rule that is wider than what was stated.
 */
export const renamed = (properties: object): Json =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined).map(([key, value]) => [fieldName(key), value]));
