import * as ipaddr from 'ipaddr.js';

/** Addresses and CIDRs, as Go's net/netip reads them: four decimal parts without leading zeros, no zones. */

export type Family = 4 | 6;

export function isAddress(text: string): boolean {
  if (text.includes(':')) return !text.includes('%') && ipaddr.IPv6.isValid(text);
  return /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text) && ipaddr.IPv4.isValid(text);
}

export function familyOf(addressOrCidr: string): Family {
  return addressOrCidr.includes(':') ? 6 : 4;
}

interface Cidr { address: ipaddr.IPv4 | ipaddr.IPv6; length: number }

function parseCidr(text: unknown): Cidr {
  if (typeof text === 'string') {
    const [address, length, ...rest] = text.split('/');
    const longest = familyOf(text) === 4 ? 32 : 128;
    if (rest.length === 0 && isAddress(address) && /^(0|[1-9]\d*)$/.test(length ?? '') && Number(length) <= longest) {
      return { address: ipaddr.parse(address), length: Number(length) };
    }
  }
  throw new Error(`${JSON.stringify(text)} is not a CIDR`);
}

export function isCidr(text: unknown): text is string {
  try {
    parseCidr(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether the address lies in the CIDR; never across families. */
export function cidrContains(cidr: string, address: string): boolean {
  const { address: network, length } = parseCidr(cidr);
  return familyOf(cidr) === familyOf(address) && ipaddr.parse(address).match(network, length);
}

/** Whether every address of the inner CIDR is in the outer one. */
export function cidrCovers(outer: string, inner: string): boolean {
  return cidrContains(outer, inner.split('/')[0]) && parseCidr(inner).length >= parseCidr(outer).length;
}

export function prefixLength(cidr: string): number {
  return parseCidr(cidr).length;
}

/** Whether no bit is set beyond the prefix: 10.0.0.0/8 is masked, 10.0.0.1/8 is not. */
export function isMasked(cidr: string): boolean {
  const { address, length } = parseCidr(cidr);
  const bits = address.toByteArray().map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return !bits.slice(length).includes('1');
}
