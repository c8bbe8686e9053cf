import { EXTENDED_ECHO_REPLY, ICMP_TYPES } from '../../dialects/cilium/icmp';
import { distinct } from '../../dialects/dialect';
import { chunks, Json } from '../native-object';
import { stated, wrong } from './context';
import { CiliumIcmp } from './traffic';
import { MOST_PORTS } from './write-ports';

/** The names that the agent knows, with their numbers: https://github.com/cilium/cilium/blob/main/pkg/policy/api/icmp.go */
const NAMES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  IPv4: { ...ICMP_TYPES.IPv4, ExtendedEchoReply: EXTENDED_ECHO_REPLY.IPv4 },
  IPv6: { ...ICMP_TYPES.IPv6, ExtendedEchoReply: EXTENDED_ECHO_REPLY.IPv6 },
};

/** Types as numbers: one spelling for each, and the CRD does not take every name that the agent takes. */
export function writeIcmps(types: readonly CiliumIcmp[], where: string): Json[] {
  const fields = distinct(stated(types, where, 'leave it out for what the ports say').map((type, i) => writeIcmp(type, `${where}[${i}]`)));
  return chunks(fields, MOST_PORTS).map(chunk => ({ fields: chunk }));
}

function writeIcmp(icmp: CiliumIcmp, where: string): Json {
  const { type, typeName, family = 'IPv4', ...unknown } = icmp;
  if ((type === undefined) === (typeName === undefined)) { throw wrong(where, 'exactly one of type and typeName is needed'); }
  if (!Object.hasOwn(NAMES, family)) { throw wrong(`${where}.family`, `must be IPv4 or IPv6, got ${JSON.stringify(family)}`); }
  const number = type ?? numberOf(typeName!, family, where);
  if (!Number.isInteger(number) || number < 0 || number > 255) { throw wrong(`${where}.type`, `must be a whole number from 0 to 255, got ${JSON.stringify(type)}`); }
  return { family, type: number, ...unknown };
}

function numberOf(name: string, family: string, where: string): number {
  const known = NAMES[family];
  if (!Object.hasOwn(known, name)) { throw wrong(`${where}.typeName`, `${JSON.stringify(name)} is no message of ${family}; use one of ${Object.keys(known).join(', ')}, or the number`); }
  return known[name];
}
