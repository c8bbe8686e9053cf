import { calico } from '../../../src/dialects/calico';
import { Document, Target } from '../../../src/dialects/dialect';
import { allOf, ANY, EndpointExpr, inNamespace, POD } from '../../../src/model/endpoint';
import { Direction, Policy, Rule } from '../../../src/model/policy-set';
import { ALL_TRAFFIC, TrafficBox } from '../../../src/model/traffic';
import { schemaErrors } from '../../support/schemas';

export const TARGET: Target = {
  cni: 'calico',
  version: '3.33',
  cidrMatchesPods: true,
  cidrMatchesNodes: true,
  clusterCidrs: ['10.244.0.0/16', '192.168.7.0/24'],
  clusterCidrsComplete: true,
  denyTier: 'netpol-deny',
};

export const SHOP: EndpointExpr = allOf(POD, inNamespace('shop'));

/** A policy as Calico has it; what constructs state has other stages and orders. */
export function policy(direction: Direction, rules: readonly Rule[], more: Partial<Policy> = {}): Policy {
  return {
    origin: { apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', name: 'web', namespace: 'shop' },
    stage: 'default',
    order: [1000, 'web/shop/NetworkPolicy'],
    mode: 'enforce',
    direction,
    subject: SHOP,
    isolates: true,
    rules,
    ...more,
  };
}

export const GLOBAL = { origin: { apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', name: 'web' } };

export const rule = (action: Rule['action'], source: EndpointExpr, destination: EndpointExpr, traffic: readonly TrafficBox[] = ALL_TRAFFIC): Rule =>
  ({ action, match: { source, destination, traffic } });
export const allowFrom = (peer: EndpointExpr, ...traffic: TrafficBox[]): Rule => rule('allow', peer, ANY, traffic.length > 0 ? traffic : undefined);
export const allowTo = (peer: EndpointExpr, ...traffic: TrafficBox[]): Rule => rule('allow', ANY, peer, traffic.length > 0 ? traffic : undefined);
export const denyFrom = (peer: EndpointExpr, ...traffic: TrafficBox[]): Rule => rule('deny', peer, ANY, traffic.length > 0 ? traffic : undefined);
export const denyTo = (peer: EndpointExpr, ...traffic: TrafficBox[]): Rule => rule('deny', ANY, peer, traffic.length > 0 ? traffic : undefined);

/** Written as documents that every schema accepts, and as plain JSON. */
export function write(...policies: Policy[]): Document[] {
  const documents: Document[] = JSON.parse(JSON.stringify(calico.write(policies, TARGET)));
  for (const document of documents) { expect(schemaErrors(document)).toEqual([]); }
  return documents;
}

export function writeOne(...policies: Policy[]): any {
  const documents = write(...policies);
  expect(documents).toHaveLength(1);
  return documents[0];
}

export const networkPolicy = (spec: unknown, name: string = 'web'): unknown =>
  ({ apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', metadata: { name, namespace: 'shop' }, spec });
export const globalNetworkPolicy = (spec: unknown, name: string = 'web'): unknown =>
  ({ apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name }, spec });
export const tier = (name: string, spec: unknown): unknown => ({ apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name }, spec });
