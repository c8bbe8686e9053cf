import { RE2JS } from 're2js';
import { Answer, best, sure, worst } from './cilium-answer';
import { ICMP_TYPES } from './cilium-validate';
import { portIsNamed } from './kubernetes';
import { isSet, reject } from './manifests';
import { JudgeOptions, Packet, Request } from './world';

/** What travels, and what it asks for: toPorts, icmps, and the rules for requests (reference 3.1, 3.4, 3.9). */

export function portRuleAnswer(rule: any, packet: Packet, defaultDeny: boolean, options: JudgeOptions): Answer {
  // A port rule without ports yields no filter at all (reference 2).
  if (!(rule.ports ?? []).some((entry: any) => matchesPort(entry, packet))) return 'none';
  // Where nothing isolates the endpoint, its rules are not asked at all. Of server names in a policy that does not isolate nothing is written down.
  if (!defaultDeny && isSet(rule.serverNames)) reject('serverNames', 'the judge does not know what they do without default deny');
  return worst([serverNameAnswer(rule.serverNames, packet, options), requestAnswer(rule.rules, packet, options)]);
}

function serverNameAnswer(names: string[] | undefined, { serverName }: Packet, options: JudgeOptions): Answer {
  if (!isSet(names) || names!.includes('*')) return 'all';
  return serverName === undefined ? 'some' : sure(names!.some((name) => serverNameMatches(name, serverName, options)));
}

/** "`*.` one label, `**.` one or more" in every version; a star anywhere since 1.20. */
function serverNameMatches(pattern: string, name: string, options: JudgeOptions): boolean {
  return nameMatches({ matchPattern: pattern }, name, { ...options, ciliumVersion: '1.20' });
}

function requestAnswer(rules: any, packet: Packet, options: JudgeOptions): Answer {
  if (!isSet(rules)) return 'all';
  if (isSet(rules.http)) return best(rules.http.map((rule: any) => httpAnswer(rule, packet.http)));
  if (isSet(rules.dns)) return dnsAnswer(rules.dns, packet, options);
  // Kafka and other protocols, whose requests are not known here.
  return 'some';
}

function dnsAnswer(selectors: any[], packet: Packet, options: JudgeOptions): Answer {
  const { dnsQuery } = packet;
  if (dnsQuery !== undefined) return sure(selectors.some((selector) => nameMatches(selector, dnsQuery, options)));
  return selectors.some((selector) => selector.matchPattern === '*') ? 'all' : 'some';
}

/** Method, path and host are regular expressions that must match all of it; all that is stated must hold (reference 3.4). */
function httpAnswer(rule: any, request: Request | undefined): Answer {
  const text = (pattern: string | undefined, value: string | undefined): Answer => {
    if (!pattern) return 'all';
    return value === undefined ? 'some' : sure(RE2JS.compile(pattern).matches(value));
  };
  return worst([
    text(rule.method, request?.method),
    text(rule.path, request?.path),
    text(rule.host, request?.host),
    ...(rule.headers ?? []).map((header: string) => headerAnswer(parseHeader(header), request)),
    ...(rule.headerMatches ?? []).map((header: any) => headerAnswer(header, request)),
  ]);
}

/** `"K: V"` or `"K V"`: "split on first space, trailing ':' stripped"; without a space the header must only be there. */
function parseHeader(header: string): { name: string; value?: string } {
  const space = header.indexOf(' ');
  if (space < 0) return { name: header };
  return { name: header.slice(0, space).replace(/:$/, ''), value: header.slice(space + 1) };
}

/** "Mismatch absent = deny, LOG/ADD/DELETE/REPLACE = allow and edit". */
function headerAnswer(header: { name: string; value?: string; secret?: any; mismatch?: string }, request: Request | undefined): Answer {
  if (isSet(header.mismatch)) return 'all';
  if (request === undefined) return 'some';
  const found = Object.entries(request.headers ?? {}).find(([name]) => name.toLowerCase() === header.name.toLowerCase());
  if (!found) return 'none';
  if (isSet(header.secret)) return 'some';
  return sure(!header.value || found[1] === header.value);
}

/** "Names case-insensitive, trailing dot implied; `*` = 0+ chars within one label, `**.` prefix = 1+ labels (1.19), lone `*` = all". */
export function nameMatches(selector: any, name: string, options: JudgeOptions): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/\.$/, '');
  if (isSet(selector.matchName)) return plain(selector.matchName) === plain(name);
  const pattern = plain(selector.matchPattern);
  if (pattern === '*') return true;
  const manyLabels = pattern.startsWith('**.') && (options.ciliumVersion ?? '1.20') >= '1.19';
  const rest = (manyLabels ? pattern.slice('**.'.length) : pattern).replaceAll('.', '\\.').replace(/\*+/g, '[-a-z0-9_]*');
  return new RegExp(`^${manyLabels ? '([-a-z0-9_]+\\.)+' : ''}${rest}$`).test(plain(name));
}

/** "Protocol ANY = TCP+UDP+SCTP (not ICMP). `port: "0"` = every port of that protocol". Others have no ports, and are named by themselves. */
function matchesPort(entry: any, packet: Packet): boolean {
  const protocol = entry.protocol ?? 'ANY';
  const protocols = protocol === 'ANY' ? ['TCP', 'UDP', 'SCTP'] : [protocol];
  if (!protocols.includes(packet.protocol)) return false;
  if (!entry.port) return true;
  if (/\D/.test(entry.port)) return portIsNamed(packet, entry.port.toLowerCase());
  const port = Number(entry.port);
  // "endPort <= port -> silently treated as the single port".
  return port === 0 || (port <= packet.port && packet.port <= Math.max(port, entry.endPort ?? port));
}

export function matchesIcmp(rule: any, packet: Packet): boolean {
  return packet.protocol === 'ICMP' && (rule.fields ?? []).some((field: any) => {
    const family = field.family ?? 'IPv4';
    const type = typeof field.type === 'string' ? ICMP_TYPES[family][field.type] : field.type;
    return family === `IPv${packet.ipVersion}` && type === packet.icmp.type;
  });
}
