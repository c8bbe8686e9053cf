import { Port } from '../constructs/port';

type Range = readonly [first: number, last: number];

const PORTS = { TCP: Port.tcp, UDP: Port.udp, SCTP: Port.sctp } as const;
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
const LAST = 65535;

/** The first port that a text such as `TCP 80,9000-9010` names and the others do not; undefined where it names none. */
export function differingPort(text: string, others: readonly string[]): Port | undefined {
  let any: Port | undefined;
  for (const protocol of PROTOCOLS) {
    const known = others.flatMap(other => rangesIn(other, protocol)).sort(([a], [b]) => a - b);
    for (const [first, last] of rangesIn(text, protocol)) {
      any ??= PORTS[protocol](first);
      let next = first;
      for (const [from, to] of known) {
        if (from <= next && next <= to) { next = to + 1; }
      }
      if (next <= last) { return PORTS[protocol](next); }
    }
  }
  return any;
}

function rangesIn(text: string, protocol: string): Range[] {
  if (/^All Connections$/i.test(text)) { return [[1, LAST]]; }
  return [...text.matchAll(new RegExp(`\\b${protocol} ([\\d,-]+)`, 'g'))].flatMap(([, list]) => list.split(',').filter(part => /\d/.test(part)).map((part): Range => {
    const [first, last = first] = part.split('-').map(Number);
    return [first, last];
  }));
}
