import { Question } from './diagnosis';
import { selectingLabels } from './selecting-labels';
import { CNI_PROFILES } from '../../../cluster/cni-profiles';
import { DialectModule, Document, Target } from '../../../dialects/dialect';
import { dialectModule } from '../../../dialects/index';
import { hostRange } from '../../../model/cidr';
import { address, allOf, EndpointExpr, EXTERNAL, inNamespace, labelIn, POD } from '../../../model/endpoint';
import { HttpMatch, HttpRequest } from '../../../model/http';
import { Direction, matchOf, NORMAL, Policy, Rule } from '../../../model/policy-set';
import { PROTOCOL_NUMBERS, TrafficBox } from '../../../model/traffic';
import { Analysis } from '../../analysis';
import { Party, Traffic } from '../../party';

/**
 * Policies that allow the flow on these sides, as documents of the cluster's dialect; undefined where an end cannot be selected.
 * @throws Refusal where the dialect cannot say it
 */
export function fixDocuments(analysis: Analysis, question: Question, sides: readonly Direction[]): Document[] | undefined {
  const dialect = dialectModule(analysis.cluster.dialect);
  const policies: Policy[] = [];
  for (const direction of sides) {
    const policy = policyOf(analysis, question, direction, dialect);
    if (!policy) { return undefined; }
    policies.push(policy);
  }
  const target = targetOf(analysis);
  return dialect.write(dialect.lower(policies, target).policies, target);
}

function policyOf(analysis: Analysis, { source, destination, traffic }: Question, direction: Direction, dialect: DialectModule): Policy | undefined {
  const [own, other] = direction === 'egress' ? [source, destination] : [destination, source];
  const [subject, peer] = [selectionOf(analysis, own), selectionOf(analysis, other) ?? outsideExpr(other)];
  if (!subject || !peer || !own.workload) { return undefined; }
  const { workload: { namespace } } = own;
  const name = policyName(`allow-${nameOf(own)}-${direction === 'egress' ? 'to' : 'from'}-${nameOf(other)}`);
  // What is sent is looked into once, where it arrives; beyond the cluster nobody looks.
  const box = boxOf(traffic, direction === 'ingress' || !other.workload);
  const rules: Rule[] = [{ action: 'allow', match: matchOf(direction, peer, [box]) }, ...(direction === 'egress' ? namesRule(other) : [])];
  return { origin: { ...dialect.kindOf('namespaced'), name, namespace }, stage: NORMAL, order: [], mode: 'enforce', direction, subject, isolates: true, rules };
}

function selectionOf(analysis: Analysis, { workload }: Party): EndpointExpr | undefined {
  const labels = workload && !workload.hostNetwork ? selectingLabels(analysis, workload) : undefined;
  return labels && allOf(POD, inNamespace(workload!.namespace), ...Object.entries(labels).map(([key, value]) => labelIn('pod', key, value)));
}

function outsideExpr({ variants: [{ kind, names = [], address: own, addressIn = [] }] }: Party): EndpointExpr | undefined {
  if (kind !== 'external') { return undefined; }
  if (names.length > 0) { return { fqdn: names[0] }; }
  const range = own === undefined ? addressIn[0] : hostRange(own);
  return range === undefined ? undefined : allOf(EXTERNAL, address(range));
}

/** Cilium learns the addresses of a name from answers that pass its proxy. */
function namesRule({ variants: [{ names = [] }] }: Party): Rule[] {
  if (names.length === 0) { return []; }
  const servers = allOf(POD, inNamespace('kube-system'), labelIn('pod', 'k8s-app', 'kube-dns'));
  const traffic = (['UDP', 'TCP'] as const).map((protocol): TrafficBox => ({ ...boxOf({ protocol: PROTOCOL_NUMBERS[protocol], port: 53 }, false), l7: { dns: [names[0]] } }));
  return [{ action: 'allow', match: matchOf('egress', servers, traffic) }];
}

function boxOf({ protocol, port, icmp, http, serverName }: Traffic, conditions: boolean): TrafficBox {
  return {
    protocols: [[protocol, protocol]],
    ...(port === undefined ? {} : { destinationPorts: { ranges: [[port, port]], names: [] } }),
    ...(icmp ? { icmp: [icmp] } : {}),
    ...(conditions && http ? { l7: { http: [requestMatch(http)] } } : {}),
    ...(conditions && serverName !== undefined ? { serverNames: [serverName] } : {}),
  };
}

const requestMatch = ({ method, path, host, headers = {} }: HttpRequest): HttpMatch => ({
  ...(method === undefined ? {} : { methods: [{ exact: method }] }),
  ...(path === undefined ? {} : { paths: [{ exact: path.replace(/[?#].*$/s, '') }] }),
  ...(host === undefined ? {} : { hosts: [{ exact: host.toLowerCase() }] }),
  ...(Object.keys(headers).length === 0 ? {} : { headers: Object.entries(headers).map(([name, value]) => ({ name, values: [{ exact: value }] })) }),
});

const nameOf = ({ workload, variants: [{ names = [], address: own }] }: Party): string => workload?.name ?? names[0] ?? own ?? 'outside';

/** A name that every API server takes; Calico has no dots in it. */
const policyName = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 63).replace(/^-+|-+$/g, '');

function targetOf({ cluster: { cni, version, features, podCidrs, nodeCidrs, serviceCidrs } }: Analysis): Target {
  const { cidrMatchesPods, cidrMatchesNodes } = CNI_PROFILES[cni];
  return {
    cni,
    ...(version === undefined ? {} : { version }),
    cidrMatchesPods,
    cidrMatchesNodes,
    clusterCidrs: [...podCidrs, ...nodeCidrs, ...serviceCidrs],
    clusterCidrsComplete: podCidrs.length > 0 && nodeCidrs.length > 0,
    denyTier: 'netpol-deny',
    ...(features ? { features } : {}),
  };
}
