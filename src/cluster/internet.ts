import { address, allOf, anyOf, EndpointExpr, EXTERNAL } from '../model/endpoint';

/**
 * What is not the public internet: private, shared, link-local, loopback, multicast and reserved ranges.
 * https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6 twin
 */
const NOT_INTERNET_V4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '224.0.0.0/4', '240.0.0.0/4',
];
const NOT_INTERNET_V6 = ['::/128', '::1/128', 'fc00::/7', 'fe80::/10', 'ff00::/8'];

/** Every public address. */
export const INTERNET: EndpointExpr = anyOf(allOf(EXTERNAL, address('0.0.0.0/0', NOT_INTERNET_V4)), allOf(EXTERNAL, address('::/0', NOT_INTERNET_V6)));
