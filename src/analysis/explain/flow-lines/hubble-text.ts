import { portOf } from './fields';
import { verdictOf } from './hubble-json';
import { podTexts } from './pod-names';
import { requestOf } from './request-line';
import { SeenEnd } from './seen-end';
import { isAddress } from '../../../model/cidr';
import { dnsLabelProblem } from '../../../model/labels';
import { PROTOCOL_NUMBERS } from '../../../model/traffic';
import { Traffic } from '../../party';
import type { FlowLine } from '../flow-line';

/** What the text forms of Hubble have in common. */
interface Written {
  readonly source: string;
  readonly destination: string;
  /** Who they are, where that is written beside them. */
  readonly sourceIdentity?: string;
  readonly destinationIdentity?: string;
  /** The type of the event, the verdict and the summary. */
  readonly rest: string;
}

/** One flow of `hubble observe`, in one of its forms for people. */
export function hubbleText(text: string): FlowLine | undefined {
  const written = asDictionary(text) ?? asTable(text) ?? asLine(text);
  if (!written) { return undefined; }
  const [source, destination] = [endOf(written.source), endOf(written.destination)];
  const verdict = verdictOf(VERDICT.exec(written.rest)?.[1]);
  return {
    by: 'hubble',
    source: source.texts,
    destination: destination.texts,
    seenSource: seenEnd(source, written.sourceIdentity),
    seenDestination: seenEnd(destination, written.destinationIdentity),
    traffic: trafficOf(written.rest, source.port, destination.port),
    ...(verdict ? { verdict } : {}),
  };
}

const VERDICT = /\b(FORWARDED|REDIRECTED|ALLOWED|AUDITED|AUDIT|DROPPED|DENIED|ERROR)\b/;

/** `--output dict`: a line for each field. */
function asDictionary(text: string): Written | undefined {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/).slice(0, 16)) {
    const field = /^\s{0,16}([A-Z]{1,16}): (.*)$/.exec(line);
    if (field && fields.has(field[1])) { throw severalFlows(); }
    if (field) { fields.set(field[1], field[2].trim()); }
  }
  const [source, destination] = [fields.get('SOURCE'), fields.get('DESTINATION')];
  if (!source || !destination) { return undefined; }
  return { source, destination, rest: ['TYPE', 'VERDICT', 'SUMMARY'].map(key => fields.get(key) ?? '').join(' ') };
}

/** `--output tab`: columns that are at least three spaces apart; the name of the node may be one of them. */
function asTable(text: string): Written | undefined {
  const columns = text.split(/ {3,}|\t+/).map(column => column.trim());
  if (columns.length < 5 || columns.length > 7 || text.includes('\n')) { return undefined; }
  // Time, perhaps the node, source, destination, type, verdict and, where there is one, a summary.
  const verdict = columns.findIndex((column, i) => i >= 4 && VERDICT.test(column));
  return verdict < 4 ? undefined : { source: columns[verdict - 3], destination: columns[verdict - 2], rest: columns.slice(verdict - 1).join(' ') };
}

/** `--output compact`: `TIME [NODE]: SOURCE (IDENTITY) -> DESTINATION (IDENTITY) TYPE VERDICT (SUMMARY)`. Of a reply the ends are turned round already. */
function asLine(text: string): Written | undefined {
  const words = text.split(/\s+/);
  if (text.split(/\r?\n/).filter(isFlow).length > 1) { throw severalFlows(); }
  const arrow = words.findIndex(word => ARROWS.includes(word));
  if (arrow < 1 || arrow + 1 >= words.length) { return undefined; }
  const isIdentity = (word: string | undefined): boolean => word !== undefined && /^\([^()]*\)$/.test(word);
  const [before, behind] = [words[arrow - 1], words[arrow + 2]].map(word => (isIdentity(word) ? { identity: word.slice(1, -1) } : undefined));
  const source = words[arrow - (before ? 2 : 1)];
  if (source === undefined) { return undefined; }
  return {
    source,
    destination: words[arrow + 1],
    ...(before ? { sourceIdentity: before.identity } : {}),
    ...(behind ? { destinationIdentity: behind.identity } : {}),
    rest: words.slice(arrow + (behind ? 3 : 2)).join(' '),
  };
}

const isFlow = (line: string): boolean => line.split(/\s+/).some(word => ARROWS.includes(word)) || VERDICT.test(line);
const severalFlows = (): Error => new Error('the flow is several flows; paste one of them');

const ARROWS = ['->', '<-', '<>'];

interface WrittenEnd {
  readonly texts: readonly string[];
  readonly port?: number;
}

/** `namespace/pod:port`, `namespace/service:port`, `name,name:port`, `address:port` or `[address]:port`, each without a port where there is none. */
function endOf(text: string): WrittenEnd {
  const bracketed = /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text);
  if (bracketed) { return { texts: hostTexts(bracketed[1]), ...portField(bracketed[2]) }; }
  if (isAddress(text)) { return { texts: [text] }; }
  const [, host, port] = /^(.*?)(?::(\d{1,5}))?$/s.exec(text)!;
  return { texts: hostTexts(host), ...portField(port) };
}

const portField = (text: string | undefined): { readonly port?: number } => (text === undefined ? {} : { port: portOf(Number(text)) });

/** An identity is the name of an entity, or `ID:` and a number. */
function seenEnd({ texts: [first = ''] }: WrittenEnd, identity: string | undefined): SeenEnd {
  const [namespace, name] = first.split('/');
  return {
    ...(identity === undefined || /^ID:/.test(identity) ? {} : { entities: [identity] }),
    ...(isAddress(first) ? { address: first } : {}),
    ...(name === undefined || !isDnsLabel(namespace) ? {} : { pod: { namespace, name } }),
  };
}

const isDnsLabel = (text: string): boolean => dnsLabelProblem('namespace', text) === undefined;

function hostTexts(host: string): string[] {
  if (isAddress(host)) { return [host]; }
  const [namespace, name, ...rest] = host.split('/');
  if (name !== undefined && rest.length === 0) { return [...podTexts(namespace, name), `svc/${namespace}/${name}`]; }
  return host.split(',').slice(0, 64).filter(each => each !== '');
}

function trafficOf(rest: string, sourcePort: number | undefined, port: number | undefined): Traffic {
  const icmp = /\bICMPv([46])\b/.exec(rest);
  if (icmp && port === undefined) { return { protocol: icmp[1] === '4' ? PROTOCOL_NUMBERS.ICMP : PROTOCOL_NUMBERS.ICMPv6, ...echo(rest, icmp[1] === '4') }; }
  if (port === undefined) { throw new Error('the flow has no destination port; use --from, --to and --port'); }
  return { protocol: protocolOf(rest), port, ...(sourcePort === undefined ? {} : { sourcePort }), ...requestIn(rest) };
}

/** The messages of which Hubble writes the names, and that people send. */
function echo(rest: string, four: boolean): Pick<Traffic, 'icmp'> {
  if (/EchoRequest/.test(rest)) { return { icmp: { type: four ? 8 : 128, code: 0 } }; }
  return /EchoReply/.test(rest) ? { icmp: { type: four ? 0 : 129, code: 0 } } : {};
}

function protocolOf(rest: string): number {
  if (/\bSCTP\b/.test(rest)) { return PROTOCOL_NUMBERS.SCTP; }
  if (/\bTCP\b|\bHTTP\/|\bhttp-/.test(rest)) { return PROTOCOL_NUMBERS.TCP; }
  if (/\bUDP\b|\bDNS (Query|Answer)\b|\bdns-/.test(rest)) { return PROTOCOL_NUMBERS.UDP; }
  throw new Error('the flow does not say whether it is of TCP, UDP or SCTP; use --from, --to and --port');
}

/** `HTTP/1.1 GET http://host/path`, the same in brackets behind a status, `DNS Query name type`, or an answer that repeats it. */
function requestIn(rest: string): Pick<Traffic, 'http' | 'dnsName'> {
  const http = /\bHTTP\/[\d.]{1,8} (?:\d{3} \d{1,12}ms \()?([A-Z-]{1,32}) ([^\s()]{1,8192})/.exec(rest);
  if (http) { return { http: requestOf(http[1], http[2]) }; }
  const dns = /\bDNS Query ([^\s()]{1,255}) /.exec(rest) ?? /\bDNS Answer [^()]{0,8192}\((?:Query|Proxy) ([^\s()]{1,255}) /.exec(rest);
  return dns ? { dnsName: dns[1].replace(/\.$/, '') } : {};
}
