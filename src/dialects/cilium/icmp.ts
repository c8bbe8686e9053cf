import { IcmpType, PROTOCOL_NUMBERS, TrafficBox } from '../../model/traffic';
import { refuse } from '../refusals';
import { Reading } from './reading';

/** icmps: messages of ICMP by their type; codes cannot be asked for. */

type Json = Record<string, unknown>;
type Family = 'IPv4' | 'IPv6';

/** In one entry of icmps. */
const MOST_FIELDS = 40;

const PROTOCOL_OF: Readonly<Record<Family, number>> = { IPv4: PROTOCOL_NUMBERS.ICMP, IPv6: PROTOCOL_NUMBERS.ICMPv6 };

/** Types by name. The schema misspells ExtendedEchoReply, so that this one name is never accepted. */
export const ICMP_TYPES: Readonly<Record<Family, Readonly<Record<string, number>>>> = {
  IPv4: {
    EchoReply: 0,
    DestinationUnreachable: 3,
    Redirect: 5,
    Echo: 8,
    EchoRequest: 8,
    RouterAdvertisement: 9,
    RouterSelection: 10,
    TimeExceeded: 11,
    ParameterProblem: 12,
    Timestamp: 13,
    TimestampReply: 14,
    Photuris: 40,
    ExtendedEchoRequest: 42,
  },
  IPv6: {
    DestinationUnreachable: 1,
    PacketTooBig: 2,
    TimeExceeded: 3,
    ParameterProblem: 4,
    EchoRequest: 128,
    EchoReply: 129,
    MulticastListenerQuery: 130,
    MulticastListenerReport: 131,
    MulticastListenerDone: 132,
    RouterSolicitation: 133,
    RouterAdvertisement: 134,
    NeighborSolicitation: 135,
    NeighborAdvertisement: 136,
    RedirectMessage: 137,
    RouterRenumbering: 138,
    ICMPNodeInformationQuery: 139,
    ICMPNodeInformationResponse: 140,
    InverseNeighborDiscoverySolicitation: 141,
    InverseNeighborDiscoveryAdvertisement: 142,
    HomeAgentAddressDiscoveryRequest: 144,
    HomeAgentAddressDiscoveryReply: 145,
    MobilePrefixSolicitation: 146,
    MobilePrefixAdvertisement: 147,
    DuplicateAddressRequestCodeSuffix: 157,
    DuplicateAddressConfirmationCodeSuffix: 158,
    ExtendedEchoRequest: 160,
  },
};
export const EXTENDED_ECHO_REPLY: Readonly<Record<Family, number>> = { IPv4: 43, IPv6: 161 };

/** All entries of an item; one without fields matches nothing. */
export function readIcmps(reading: Reading, entries: readonly unknown[], path: string): TrafficBox[] {
  const types: Record<Family, IcmpType[]> = { IPv4: [], IPv6: [] };
  entries.forEach((raw, i) => {
    const at = `${path}[${i}]`;
    const entry = reading.object(raw, at, ['fields'], { type: 'types stand in a list: icmps: [{ fields: [{ type: EchoRequest }] }]', family: 'it belongs to an entry of fields' });
    const fields = reading.list(entry, 'fields', at) ?? [];
    if (fields.length > MOST_FIELDS) { throw reading.refused(`${at}.fields`, `at most ${MOST_FIELDS} types, got ${fields.length}; write several entries of icmps`); }
    fields.forEach((field, j) => {
      const [family, type] = readField(reading, field, `${at}.fields[${j}]`);
      types[family].push({ type });
    });
  });
  return (['IPv4', 'IPv6'] as const).filter(family => types[family].length > 0)
    .map(family => ({ protocols: [[PROTOCOL_OF[family], PROTOCOL_OF[family]]], icmp: types[family] }));
}

function readField(reading: Reading, raw: unknown, path: string): [Family, number] {
  const fields = reading.object(raw, path, ['type', 'family']);
  const family = reading.reader.oneOf(reading.own(fields, 'family') ?? 'IPv4', `${path}.family`, ['IPv4', 'IPv6']);
  const type = reading.own(fields, 'type');
  if (type === undefined) { throw reading.refused(`${path}.type`, 'a type is needed'); }
  const at = `${path}.type`;
  if (typeof type === 'number') {
    if (!Number.isInteger(type) || type < 0 || type > 255) { throw reading.fail(at, `must be a type from 0 to 255, got ${type}; the API server does not look at the range, and no such message exists`); }
    return [family, type];
  }
  const name = reading.reader.string(type, at);
  if (/^(0|[1-9]\d{0,2})$/.test(name) && Number(name) <= 255) { return [family, Number(name)]; }
  if (name === 'ExtendedEchoReply') { throw reading.refused(at, `the schema misspells this name; write ${EXTENDED_ECHO_REPLY[family]}`); }
  if (!Object.hasOwn(ICMP_TYPES[family], name)) { throw reading.notEnforced(at, `${family} has no ICMP type ${JSON.stringify(name.slice(0, 80))}; write its number`); }
  return [family, ICMP_TYPES[family][name]];
}

/** One ICMP box as fields; undefined for a box of something else. */
export function icmpFields(box: TrafficBox, statement: string): Json[] | undefined {
  const family = (['IPv4', 'IPv6'] as const).find(candidate => box.protocols.length > 0
    && box.protocols.every(([first, last]) => first === PROTOCOL_OF[candidate] && last === first));
  if (!family || !box.icmp) { return undefined; }
  const { sourcePorts, destinationPorts, l7, serverNames, ipVersion, icmp } = box;
  if (sourcePorts || destinationPorts || l7 || serverNames) { throw refuse('cilium', 'icmp', statement, 'ICMP together with ports'); }
  if (ipVersion !== undefined && `IPv${ipVersion}` !== family) { throw refuse('cilium', 'icmp', statement, `ICMP of ${family} over IPv${ipVersion}`); }
  const coded = icmp.find(({ code }) => code !== undefined);
  if (coded) { throw refuse('cilium', 'icmp', statement, `type ${coded.type}, code ${coded.code}`); }
  return icmp.map(({ type }) => ({ type, family }));
}

export function inEntries(fields: readonly Json[]): Json[] {
  const entries: Json[] = [];
  for (let i = 0; i < fields.length; i += MOST_FIELDS) { entries.push({ fields: fields.slice(i, i + MOST_FIELDS) }); }
  return entries;
}
