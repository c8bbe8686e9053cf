import * as ipaddr from 'ipaddr.js';
import { remembered } from './remembered';

/** Address ranges. The arithmetic is ipaddr.js's; here is only what policies ask of it. */

export type Family = 4 | 6;

interface Parsed {
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
  readonly prefix: number;
}

/**
 * The canonical form of a range: network address, prefix length.
 * @throws when it is not an address with a prefix length, or when bits beyond the prefix are set
 */
export const parseCidr = remembered((text: string): string => {
  const { address, prefix } = parse(text);
  const network = networkOf(text);
  const canonical = `${network.toString()}/${prefix}`;
  if (address.toNormalizedString() !== network.toNormalizedString()) {
    throw new Error(`${JSON.stringify(text)} has bits set beyond /${prefix}; did you mean ${JSON.stringify(canonical)}, or the single address "${address.toString()}/${address.kind() === 'ipv4' ? 32 : 128}"?`);
  }
  return canonical;
});

/** The canonical form of a range whose text may have bits beyond the prefix. */
export const maskedCidr = (text: string): string => `${networkOf(text).toString()}/${parse(text).prefix}`;

export const familyOf = (cidr: string): Family => (cidr.includes(':') ? 6 : 4);

/** Whether every address of `inner` is in `outer`. */
export function containsCidr(outer: string, inner: string): boolean {
  const [o, i] = [parse(outer), parse(inner)];
  return o.address.kind() === i.address.kind() && o.prefix <= i.prefix && matches(i.address, o);
}

/** Ranges either nest or are disjoint. */
export const overlaps = (a: string, b: string): boolean => containsCidr(a, b) || containsCidr(b, a);

export function containsAddress(cidr: string, address: string): boolean {
  const range = parse(cidr);
  const candidate = parseAddress(address);
  return candidate.kind() === range.address.kind() && matches(candidate, range);
}

export const hostRange = (address: string): string => `${address}/${familyOf(address) === 4 ? 32 : 128}`;

/** Four decimal numbers, as nearly all addresses are; undefined for every other text. The library takes many times as long. */
export function ipv4Bytes(text: string): number[] | undefined {
  const bytes: number[] = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : DOT;
    if (code === DOT) {
      const byte = i > start && i - start <= 3 && (text.charCodeAt(start) !== ZERO || i === start + 1) ? Number(text.slice(start, i)) : NaN;
      if (!(byte <= 255) || bytes.push(byte) > 4) { return undefined; }
      start = i + 1;
    } else if (code < ZERO || code > NINE) {
      return undefined;
    }
  }
  return bytes.length === 4 ? bytes : undefined;
}

const [DOT, ZERO, NINE] = ['.', '0', '9'].map(character => character.charCodeAt(0));

/** Zone ids and IPv4-mapped IPv6 are refused: API servers and CNIs disagree about them. */
export const isAddress = (text: string): boolean =>
  ipv4Bytes(text) !== undefined || (ipaddr.IPv6.isValid(text) && !text.includes('%') && !ipaddr.IPv6.parse(text).isIPv4MappedAddress());

/** By family, then address, then prefix, so that lists have one order. */
export function compareCidrs(a: string, b: string): number {
  const [x, y] = [parse(a), parse(b)];
  const [p, q] = [x.address.toByteArray(), y.address.toByteArray()];
  if (p.length !== q.length) { return p.length - q.length; }
  for (let i = 0; i < p.length; i++) {
    if (p[i] !== q[i]) { return p[i] - q[i]; }
  }
  return x.prefix - y.prefix;
}

/** Sorted, and without ranges that another one of the list contains. */
export function minimalCidrs(cidrs: readonly string[]): string[] {
  const kept: string[] = [];
  for (const range of [...new Set(cidrs.map(parseCidr))].sort(compareCidrs)) {
    // In order, a range comes after those that contain it.
    if (kept.length === 0 || !containsCidr(kept[kept.length - 1], range)) { kept.push(range); }
  }
  return kept;
}

/** The first and the last address. */
export function boundsOf(cidr: string): [string, string] {
  const range = parse(cidr);
  return range.address.kind() === 'ipv4'
    ? [networkOf(cidr).toString(), ipaddr.IPv4.broadcastAddressFromCIDR(cidr).toString()]
    : [networkOf(cidr).toString(), ipaddr.IPv6.broadcastAddressFromCIDR(cidr).toString()];
}

/** The two ranges of which it is made; of a single address there are none. */
export function halvesOf(cidr: string): [string, string] {
  const { prefix } = parse(cidr);
  const first = networkOf(cidr);
  // Not by way of a text: the last address of a range may be an IPv4-mapped one, which is none that anybody states.
  const bytes = first.toByteArray();
  bytes[Math.floor(prefix / 8)] += 2 ** (7 - prefix % 8);
  return [`${first.toString()}/${prefix + 1}`, `${ipaddr.fromByteArray(bytes).toString()}/${prefix + 1}`];
}

function matches(address: ipaddr.IPv4 | ipaddr.IPv6, range: Parsed): boolean {
  return address.kind() === 'ipv4'
    ? (address as ipaddr.IPv4).match(range.address as ipaddr.IPv4, range.prefix)
    : (address as ipaddr.IPv6).match(range.address as ipaddr.IPv6, range.prefix);
}

function networkOf(cidr: string): ipaddr.IPv4 | ipaddr.IPv6 {
  const { address, prefix } = parse(cidr);
  const bytes = address.toByteArray();
  return ipaddr.fromByteArray(bytes.map((byte, i) => {
    const beyond = Math.min(8, Math.max(0, 8 * (i + 1) - prefix));
    return byte - byte % 2 ** beyond;
  }));
}

const parseAddress = remembered((text: string): ipaddr.IPv4 | ipaddr.IPv6 => {
  const bytes = ipv4Bytes(text);
  return bytes ? new ipaddr.IPv4(bytes) : ipaddr.parse(text);
});

const parse = remembered((text: string): Parsed => {
  const [address, prefix, ...rest] = text.split('/');
  if (!isAddress(address)) {
    throw new Error(`${JSON.stringify(text)} is not a CIDR: ${JSON.stringify(address)} is no IPv4 or IPv6 address`);
  }
  const longest = familyOf(address) === 4 ? 32 : 128;
  if (prefix === undefined) {
    throw new Error(`${JSON.stringify(text)} has no prefix length; did you mean "${address}/${longest}"?`);
  }
  if (rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > longest) {
    throw new Error(`${JSON.stringify(text)} is not a CIDR: the prefix length must be a number from 0 to ${longest}`);
  }
  return { address: parseAddress(address), prefix: Number(prefix) };
});
