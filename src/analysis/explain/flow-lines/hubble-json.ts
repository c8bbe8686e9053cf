import { Fields, isFields, listOf, numberOf, objectOf, portOf, textOf, textsOf } from './fields';
import { podTexts } from './pod-names';
import { requestOf } from './request-line';
import { SeenEnd } from './seen-end';
import { isAddress } from '../../../model/cidr';
import { HttpRequest } from '../../../model/http';
import { PROTOCOL_NUMBERS } from '../../../model/traffic';
import { Traffic } from '../../party';
import type { FlowLine } from '../flow-line';

/** One flow of `hubble observe --output json`, in either of its forms. */
export function hubbleObject(flow: Fields): FlowLine | undefined {
  const ip = objectOf(flow, 'IP', 'ip');
  if (!objectOf(flow, 'source', 'destination') && !ip) { return undefined; }
  const ends = (['source', 'destination'] as const).map(end => ({
    texts: endTexts(objectOf(flow, end), objectOf(flow, `${end}_service`), textsOf(flow, `${end}_names`), ip && textOf(ip, end)),
    seen: seenEnd(objectOf(flow, end) ?? {}, ip && textOf(ip, end)),
  }));
  // An answer travels the other way than the connection.
  const isReply = Object.hasOwn(flow, 'is_reply') && flow.is_reply === true;
  const [source, destination] = isReply ? [ends[1], ends[0]] : ends;
  const verdict = verdictOf(textOf(flow, 'verdict'));
  return {
    by: 'hubble',
    source: source.texts,
    destination: destination.texts,
    seenSource: source.seen,
    seenDestination: destination.seen,
    traffic: trafficOf(flow, isReply),
    ...(verdict ? { verdict } : {}),
  };
}

function endTexts(end: Fields | undefined, service: Fields | undefined, names: readonly string[], address: string | undefined): string[] {
  const namespace = end && textOf(end, 'namespace');
  const pod = end && textOf(end, 'pod_name', 'podName');
  const workloads = end && namespace !== undefined
    ? listOf(end, 'workloads').slice(0, 8).filter(isFields).flatMap(each => {
      const [name, kind] = [textOf(each, 'name'), textOf(each, 'kind')];
      return name === undefined ? [] : [...(kind === undefined ? [] : [`${namespace}/${name}[${kind}]`]), `${namespace}/${name}`];
    })
    : [];
  const [serviceName, serviceNamespace] = [service && textOf(service, 'name'), service && textOf(service, 'namespace')];
  return [
    ...workloads,
    ...(namespace !== undefined && pod !== undefined ? podTexts(namespace, pod) : []),
    ...(serviceName !== undefined && serviceNamespace !== undefined ? [`svc/${serviceNamespace}/${serviceName}`] : []),
    ...names,
    ...(address === undefined ? [] : [address]),
  ];
}

const LABELS_OF_CILIUM = /^io\.(kubernetes|cilium)\./;
const MOST_LABELS = 256;

/** Labels are written `source:key=value`; what Cilium calls reserved names what it is. */
function seenEnd(end: Fields, address: string | undefined): SeenEnd {
  const labels = textsIn(listOf(end, 'labels').slice(0, MOST_LABELS));
  const entities = labels.filter(label => label.startsWith('reserved:')).map(label => label.slice('reserved:'.length));
  const [namespace, name] = [textOf(end, 'namespace'), textOf(end, 'pod_name', 'podName')];
  const own = labels.filter(label => label.startsWith('k8s:')).map(label => label.slice('k8s:'.length));
  const complete = own.length > 0 && listOf(end, 'labels').length <= MOST_LABELS;
  return {
    ...(entities.length === 0 ? {} : { entities }),
    allEntities: true,
    ...(address === undefined || !isAddress(address) ? {} : { address }),
    ...(namespace === undefined || name === undefined ? {} : { pod: { namespace, name, ...(complete ? { labels: labelsOf(own) } : {}) } }),
  };
}

const textsIn = (items: readonly unknown[]): string[] => items.filter((item): item is string => typeof item === 'string');

const labelsOf = (labels: readonly string[]): Readonly<Record<string, string>> => Object.fromEntries(labels
  .map(label => (label.includes('=') ? [label.slice(0, label.indexOf('=')), label.slice(label.indexOf('=') + 1)] : [label, '']))
  .filter(([key]) => !LABELS_OF_CILIUM.test(key)));

export function verdictOf(text: string | undefined): FlowLine['verdict'] {
  if (text === undefined) { return undefined; }
  if (/^(FORWARDED|REDIRECTED|ALLOWED|AUDIT|AUDITED)$/.test(text)) { return 'passed'; }
  return /^(DROPPED|DENIED|ERROR)$/.test(text) ? 'dropped' : undefined;
}

const WITH_PORTS = { TCP: PROTOCOL_NUMBERS.TCP, UDP: PROTOCOL_NUMBERS.UDP, SCTP: PROTOCOL_NUMBERS.SCTP } as const;
const WITH_TYPES = { ICMPv4: PROTOCOL_NUMBERS.ICMP, ICMPv6: PROTOCOL_NUMBERS.ICMPv6 } as const;

function trafficOf(flow: Fields, isReply: boolean): Traffic {
  const l4 = objectOf(flow, 'l4') ?? {};
  const request = requestIn(objectOf(flow, 'l7'));
  for (const [name, protocol] of Object.entries(WITH_PORTS)) {
    const ports = objectOf(l4, name);
    if (!ports) { continue; }
    const [from, to] = [numberOf(ports, 'source_port', 'sourcePort'), numberOf(ports, 'destination_port', 'destinationPort')];
    const [sourcePort, port] = isReply ? [to, from] : [from, to];
    if (port === undefined) { throw new Error('the flow has no destination port; use --from, --to and --port'); }
    return { protocol, port: portOf(port), ...(sourcePort === undefined || sourcePort === 0 ? {} : { sourcePort: portOf(sourcePort) }), ...request };
  }
  for (const [name, protocol] of Object.entries(WITH_TYPES)) {
    const message = objectOf(l4, name);
    // What is zero is left out.
    if (message) { return { protocol, icmp: { type: numberOf(message, 'type') ?? 0, code: numberOf(message, 'code') ?? 0 } }; }
  }
  throw new Error('the flow does not say which protocol and port it is; use --from, --to and --port');
}

function requestIn(l7: Fields | undefined): Pick<Traffic, 'http' | 'dnsName'> {
  const http = l7 && objectOf(l7, 'http');
  if (http) {
    const headers = headersOf(listOf(http, 'headers'));
    return { http: { ...requestOf(textOf(http, 'method'), textOf(http, 'url')), ...(headers ? { headers } : {}) } };
  }
  const query = l7 && objectOf(l7, 'dns') && textOf(objectOf(l7, 'dns')!, 'query');
  return query === undefined ? {} : { dnsName: query.replace(/\.$/, '') };
}

/** Undefined where they are not all stated. */
function headersOf(items: readonly unknown[]): HttpRequest['headers'] | undefined {
  const headers = new Map<string, string>();
  for (const item of items.slice(0, 256)) {
    const key = isFields(item) ? textOf(item, 'key') : undefined;
    if (key === undefined || !isFields(item)) { return undefined; }
    const value = textOf(item, 'value') ?? '';
    if (value === 'HUBBLE_REDACTED') { return undefined; }
    headers.set(key, value);
  }
  return headers.size === 0 ? undefined : Object.fromEntries(headers);
}
