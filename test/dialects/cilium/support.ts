import { cilium } from '../../../src/dialects/cilium';
import { Document, Target } from '../../../src/dialects/dialect';
import { allOf, ANY, EndpointExpr, inNamespace, POD } from '../../../src/model/endpoint';
import { Direction, NORMAL, Policy, Rule } from '../../../src/model/policy-set';
import { ALL_TRAFFIC, TrafficBox } from '../../../src/model/traffic';
import { schemaErrors } from '../../support/schemas';

export const TARGET: Target = {
  cni: 'cilium',
  version: '1.20',
  cidrMatchesPods: false,
  cidrMatchesNodes: false,
  clusterCidrs: [],
  clusterCidrsComplete: false,
  denyTier: 'deny',
};

export const SHOP: EndpointExpr = allOf(POD, inNamespace('shop'));

export function policy(direction: Direction, rules: readonly Rule[], more: Partial<Policy> & { namespace?: string } = {}): Policy {
  const { namespace = 'shop', ...others } = more;
  return {
    origin: { apiVersion: 'cdk8s-netpol/v1', kind: 'policy', name: 'web', namespace },
    stage: NORMAL,
    order: [],
    mode: 'enforce',
    direction,
    subject: SHOP,
    isolates: true,
    rules,
    ...others,
  };
}

/** A policy of the whole cluster. */
export const clusterwide = (direction: Direction, rules: readonly Rule[], subject: EndpointExpr = POD): Policy =>
  policy(direction, rules, { subject, origin: { apiVersion: 'cdk8s-netpol/v1', kind: 'policy', name: 'web' } });

const rule = (action: Rule['action'], source: EndpointExpr, destination: EndpointExpr, traffic: readonly TrafficBox[] = ALL_TRAFFIC): Rule =>
  ({ action, match: { source, destination, traffic } });

export const allowFrom = (peer: EndpointExpr, ...traffic: TrafficBox[]): Rule => rule('allow', peer, ANY, traffic.length > 0 ? traffic : undefined);
export const allowTo = (peer: EndpointExpr, ...traffic: TrafficBox[]): Rule => rule('allow', ANY, peer, traffic.length > 0 ? traffic : undefined);
export const denyFrom = (peer: EndpointExpr, ...traffic: TrafficBox[]): Rule => rule('deny', peer, ANY, traffic.length > 0 ? traffic : undefined);
export const denyTo = (peer: EndpointExpr, ...traffic: TrafficBox[]): Rule => rule('deny', ANY, peer, traffic.length > 0 ? traffic : undefined);

/** Lowered and written as one document, which every schema accepts. */
export function write(...policies: Policy[]): any {
  return writeFor(TARGET, ...policies);
}

export function writeFor(target: Target, ...policies: Policy[]): any {
  const documents: Document[] = cilium.write(cilium.lower(policies, target).policies, target);
  expect(documents).toHaveLength(1);
  expect(schemaErrors(documents[0])).toEqual([]);
  return documents[0];
}

/** Read back, without the origins, which name another kind. */
export const readBack = (document: unknown) => cilium.read(document).map(({ origin: _origin, rules, ...others }) =>
  ({ ...others, rules: rules.map(({ origin: _place, ...each }) => each) }));

export const cnp = (spec: unknown): unknown => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'web', namespace: 'shop' }, spec });
export const ccnp = (spec: unknown): unknown => ({ apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'web' }, spec });
