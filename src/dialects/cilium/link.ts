import { hostRange, isAddress } from '../../model/cidr';
import { address, allOf, allOfMany, ANY, anyOfMany, EndpointExpr, inNamespace, not, POD, Reference, selectorExpr } from '../../model/endpoint';
import { groupBy } from '../../model/group-by';
import { matchesEndpoint, NO } from '../../model/match';
import { Match, Policy, PolicySet, REFERENCE_PIPELINE } from '../../model/policy-set';
import { isAllTraffic } from '../../model/traffic';
import { isOfKind, TargetFeatures } from '../dialect';
import { DocumentReader, Fields } from '../document-reader';
import { NETWORK_POLICY } from '../network-policy-fields';
import { isBefore } from '../versions';
import { canonicalCidr } from './addresses';
import { inOwnCluster, OWN_CLUSTER_SINCE } from './clusters';
import { CIDR_GROUPS, ENDPOINT_SLICE, SERVICE } from './kinds';
import { withCluster, withoutAskingForPods } from './leaving-out';

/** What other objects say: the ranges of CiliumCIDRGroups, the pods or addresses of Services, and which cluster is meant. */
export function linkCilium(policies: readonly Policy[], documents: readonly unknown[], version?: string, features?: TargetFeatures): PolicySet {
  const found = new Objects(documents);
  const local = !isBefore(version, OWN_CLUSTER_SINCE);
  const linked = (expr: EndpointExpr): EndpointExpr => {
    const resolved = withCluster(resolve(expr, found), version, features);
    return local ? inOwnCluster(resolved) : resolved;
  };
  return {
    pipeline: REFERENCE_PIPELINE,
    policies: policies.map(asCiliumReads).map(policy => ({
      ...policy,
      // A policy is applied in one cluster, and endpoints of others know nothing of it.
      subject: inOwnCluster(policy.subject),
      rules: policy.rules.map(rule => {
        const match = linkedEnds(rule.match, linked);
        return { ...rule, match: local ? withoutServices(rule.match, match, found) : match };
      }),
    })),
  };
}

/** A NetworkPolicy as Cilium takes it, in its pkg/k8s/network_policy.go: the rules of a direction count whether policyTypes names it or not (ParseNetworkPolicy). */
function asCiliumReads(policy: Policy): Policy {
  if (!isOfKind(policy.origin, [NETWORK_POLICY])) { return policy; }
  const { voidBecause: _gone, ...rest } = policy;
  const rules = policy.rules.map(rule => ({ ...rule, match: linkedEnds(rule.match, withoutAskingForPods) }));
  return { ...rest, rules, mode: policy.mode === 'void' ? 'enforce' : policy.mode };
}

const linkedEnds = (match: Match, linked: (expr: EndpointExpr) => EndpointExpr): Match =>
  ({ ...match, source: linked(match.source), destination: linked(match.destination) });

/**
 * The Services of a rule stand in one item, without other peers. Where none of them is there, or has an address, an item with ports is since 1.19
 * as if it named no peer, which is everybody on these ports (https://github.com/cilium/cilium/issues/20067 was the same).
 */
function withoutServices(stated: Match, linked: Match, found: Objects): Match {
  const { destination, traffic } = stated;
  const services = ('anyOf' in destination ? destination.anyOf : [destination]).filter(part => 'ref' in part && part.ref === 'service');
  const orphaned = services.length > 0 && !isAllTraffic(traffic) && services.every(service => 'none' in resolve(service, found));
  return orphaned ? { ...linked, destination: ANY } : linked;
}

function resolve(expr: EndpointExpr, found: Objects): EndpointExpr {
  if ('allOf' in expr) { return allOfMany(expr.allOf.map(part => resolve(part, found))); }
  if ('anyOf' in expr) { return anyOfMany(expr.anyOf.map(part => resolve(part, found))); }
  if ('not' in expr) { return not(resolve(expr.not, found)); }
  if (!('ref' in expr)) { return expr; }
  switch (expr.ref) {
    case 'cidrGroup': return found.rangesOf(expr);
    case 'service': return found.backendsOf(expr);
    // Only the cloud knows its groups.
    default: return expr;
  }
}

interface Found {
  readonly reader: DocumentReader;
  readonly fields: Fields;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The objects that references name, each read when it is first asked for. */
class Objects {
  private readonly groups: readonly Found[];
  private readonly services: readonly Found[];
  private readonly slices: ReadonlyMap<string, readonly Found[]>;

  constructor(documents: readonly unknown[]) {
    this.groups = documents.filter(document => isOfKind(document, CIDR_GROUPS)).map(open);
    this.services = documents.filter(document => isOfKind(document, [SERVICE])).map(open);
    const slices = documents.filter(document => isOfKind(document, [ENDPOINT_SLICE])).map(open);
    this.slices = groupBy(slices, ({ namespace, labels }) => `${namespace}/${labels['kubernetes.io/service-name'] ?? ''}`);
  }

  /** A group that does not exist has no range. */
  rangesOf({ name, selector }: Reference): EndpointExpr {
    const groups = this.groups.filter(group => isMeant(group, name, selector));
    return anyOfMany(groups.flatMap(({ reader, fields }) => {
      const spec = reader.object(reader.own(fields, 'spec'), 'spec');
      return (reader.optionalList(reader.own(spec, 'externalCIDRs'), 'spec.externalCIDRs') ?? [])
        .map((range, i) => address(canonicalCidr(reader, range, `spec.externalCIDRs[${i}]`)));
    }));
  }

  /** A Service that does not exist has no backend. Without a namespace it is one of any. */
  backendsOf({ name, namespace, selector }: Reference): EndpointExpr {
    const near = this.services.filter(service => namespace === undefined || service.namespace === namespace);
    const services = near.filter(service => isMeant(service, name, selector));
    return anyOfMany(services.map(service => this.backends(service)));
  }

  private backends({ reader, fields, name, namespace }: Found): EndpointExpr {
    const spec = reader.object(reader.own(fields, 'spec') ?? {}, 'spec');
    const matchLabels = textsOf(reader, reader.own(spec, 'selector'), 'spec.selector');
    if (Object.keys(matchLabels).length > 0) { return allOf(POD, inNamespace(namespace), selectorExpr('pod', { matchLabels })); }
    return anyOfMany((this.slices.get(`${namespace}/${name}`) ?? []).flatMap(addressesOf).map(own => address(hostRange(own))));
  }
}

const isMeant = ({ name, labels }: Found, wanted: string | undefined, selector: EndpointExpr | undefined): boolean =>
  (wanted !== undefined ? name === wanted
    : selector !== undefined && matchesEndpoint(selector, { kind: 'addressSet', labels }, { cidrMatches: [] }) !== NO);

function addressesOf({ reader, fields }: Found): string[] {
  const endpoints = reader.optionalList(reader.own(fields, 'endpoints'), 'endpoints') ?? [];
  return endpoints.flatMap((raw, i) => {
    const addresses = reader.own(reader.object(raw, `endpoints[${i}]`), 'addresses');
    // Those of the type FQDN are none.
    return addresses === undefined ? [] : reader.strings(addresses, `endpoints[${i}].addresses`).filter(isAddress);
  });
}

function open(document: unknown): Found {
  const { reader, fields, origin } = DocumentReader.open(document);
  const metadata = reader.object(reader.own(fields, 'metadata'), 'metadata');
  const { name, namespace = 'default' } = origin;
  return { reader, fields, name, namespace, labels: textsOf(reader, reader.own(metadata, 'labels'), 'metadata.labels') };
}

function textsOf(reader: DocumentReader, raw: unknown, path: string): Readonly<Record<string, string>> {
  if (raw === undefined) { return {}; }
  return Object.fromEntries(Object.entries(reader.object(raw, path)).map(([key, value]) => [key, reader.string(value, `${path}[${key}]`)]));
}
