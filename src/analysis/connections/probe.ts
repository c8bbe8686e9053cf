import { Family } from '../../model/cidr';
import { PolicySet } from '../../model/policy-set';
import { PROTOCOL_NUMBERS, TrafficBox } from '../../model/traffic';
import { Traffic } from '../party';
import { isImplicit } from '../world/implicit-policy';

/** Traffic without ports that pairs are asked about. */
export interface Probe {
  /** Such as `ICMP` or `Protocol 47`. */
  readonly text: string;
  readonly traffic: Traffic;
  /** The only family that it travels in. */
  readonly family?: Family;
  /** No policy mentions it: it is compared, and shown only where nothing else tells two states apart. */
  readonly isImplied?: boolean;
}

/** How closely pairs are looked at, beyond the ports of SCTP, TCP and UDP. */
export interface Look {
  readonly probes: readonly Probe[];
  /** Whether it matters what an answer that is no plain one depends on. */
  readonly conditions: boolean;
}

export const PORTS_ALONE: Look = { probes: [], conditions: false };

/** More than these are not asked about. */
const MOST = 300;

/** What rules mention beside TCP, UDP and SCTP, in the order of the numbers. */
export function probesOf(...sets: readonly PolicySet[]): readonly Probe[] {
  const found = new Map<string, Probe>();
  const lists = new Set(sets.flatMap(({ policies }) => policies)
    .filter(policy => policy.mode === 'enforce' && !isImplicit(policy)).flatMap(({ rules }) => rules).map(({ match }) => match.traffic));
  for (const box of [...lists].flat()) {
    for (const probe of probesIn(box)) { if (found.size < MOST) { found.set(probe.text, probe); } }
  }
  return [...found.values()].sort(inOrder);
}

/** With a ping of either family, also where no policy mentions it. */
export function probesWithEcho(...sets: readonly PolicySet[]): readonly Probe[] {
  const mentioned = probesOf(...sets);
  const implied = [echo(PROTOCOL_NUMBERS.ICMP), echo(PROTOCOL_NUMBERS.ICMPv6)].filter(({ text }) => mentioned.every(probe => probe.text !== text));
  return [...mentioned, ...implied.map(probe => ({ ...probe, isImplied: true }))];
}

const WITH_PORTS: readonly number[] = [PROTOCOL_NUMBERS.SCTP, PROTOCOL_NUMBERS.TCP, PROTOCOL_NUMBERS.UDP];

function probesIn({ protocols, icmp }: TrafficBox): Probe[] {
  return protocols.filter(([first, last]) => first === last && !WITH_PORTS.includes(first)).flatMap(([number]) => {
    if (!(number in ECHO)) { return [{ text: `Protocol ${number}`, traffic: { protocol: number } }]; }
    return icmp ? icmp.map(({ type, code }) => icmpProbe(number, type, code)) : [echo(number)];
  });
}

/** The type of a ping by protocol number. */
const ECHO: Readonly<Record<number, number>> = { [PROTOCOL_NUMBERS.ICMP]: 8, [PROTOCOL_NUMBERS.ICMPv6]: 128 };

const echo = (protocol: number): Probe => icmpProbe(protocol, ECHO[protocol]);

function icmpProbe(protocol: number, type: number, code?: number): Probe {
  const [name, family] = protocol === PROTOCOL_NUMBERS.ICMP ? ['ICMP', 4 as const] : ['ICMPv6', 6 as const];
  const isEcho = type === ECHO[protocol] && (code ?? 0) === 0;
  const text = isEcho ? name : `${name} type ${type}${code === undefined ? '' : ` code ${code}`}`;
  return { text, traffic: { protocol, icmp: { type, code: code ?? 0 } }, family };
}

const inOrder = ({ traffic: a }: Probe, { traffic: b }: Probe): number =>
  a.protocol - b.protocol || (a.icmp?.type ?? 0) - (b.icmp?.type ?? 0) || (a.icmp?.code ?? 0) - (b.icmp?.code ?? 0);
