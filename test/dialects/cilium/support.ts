import { cilium } from '../../../src/dialects/cilium';
import { Document, isOfKind, Target } from '../../../src/dialects/dialect';
import { allOf, ANY, EndpointExpr, inNamespace, POD } from '../../../src/model/endpoint';
import { Answer, evaluate } from '../../../src/model/evaluate';
import { Endpoint, Flow, Profile } from '../../../src/model/match';
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

/** With everything that an operator can switch on. */
export const ALL_FEATURES: Target = { ...TARGET, features: { nodeSelectorLabels: true, extendedProtocols: true, hostFirewall: true } };

export const PROFILE: Profile = { cidrMatches: ['external'] };

export const POD_OF_SHOP: Endpoint = {
  kind: 'pod', namespace: 'shop', labels: { app: 'web' }, namespaceLabels: { team: 'a' }, serviceAccount: 'default', address: '10.0.0.1', entities: ['all', 'cluster'], ports: [],
};
export const OTHER_POD: Endpoint = { ...POD_OF_SHOP, namespace: 'data', labels: { app: 'db' }, namespaceLabels: {}, address: '10.0.0.2' };
export const OUTSIDE: Endpoint = { kind: 'external', address: '203.0.113.9', entities: ['all', 'world'], names: [] };
export const LOCAL_NODE: Endpoint = { kind: 'node', labels: { zone: 'a' }, address: '10.9.0.1', entities: ['all', 'cluster', 'host'] };
export const REMOTE_NODE: Endpoint = { kind: 'node', labels: { zone: 'a' }, address: '10.9.0.2', entities: ['all', 'cluster', 'remote-node'] };

/** What documents say of a flow, with TCP to port 80 unless it says otherwise. */
export function answer(documents: readonly unknown[], flow: Partial<Flow>, version?: string): Answer {
  const policies = documents.filter(document => isOfKind(document, cilium.kinds.filter(({ role }) => role === 'policy')))
    .flatMap(document => cilium.read(document, undefined, version));
  const whole: Flow = { source: POD_OF_SHOP, destination: POD_OF_SHOP, protocol: 6, port: 80, ...flow };
  return evaluate(cilium.link(policies, documents, version), whole, PROFILE);
}

/** The same documents, read and written again. */
export const rewritten = (document: unknown, target: Target = ALL_FEATURES): unknown => {
  const [written] = cilium.write(cilium.read(document, undefined, target.version), target);
  expect(schemaErrors(written, target.version)).toEqual([]);
  return JSON.parse(JSON.stringify(written));
};
