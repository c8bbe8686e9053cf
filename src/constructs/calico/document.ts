import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { nameInTier, policyNameProblem } from '../../dialects/calico/names';
import { DEFAULT_TIER, NORMAL_ORDER } from '../../dialects/calico/tiers';
import { acceptedPolicies, inConstruct, Json, Native, plain, sameChart } from '../native-object';
import { CalicoGlobalPolicyOptions, CalicoPolicyOptions, CalicoStagedAction } from './policy-spec';
import { CalicoTier } from './tier';
import { selectorText, writeRules } from './write-rule';

/** What a policy of any kind is made of. */
export interface PolicyParts extends CalicoGlobalPolicyOptions {
  readonly stagedAction?: CalicoStagedAction;
}

const CALICO_V3 = 'projectcalico.org/v3';

/**
 * The document of a policy, accepted by Calico.
 * @throws with the construct path, the value, the reason and what to state instead
 */
export function calicoDocument(native: Native, kind: string, metadata: Json, parts: PolicyParts, root: Construct): Json {
  const { path, facts: { cni } } = native;
  const document = inConstruct(path, () => {
    const tier = tierOf(parts, root);
    const global = kind.includes('Global');
    const name = nameIn(tier, String(metadata.name), global, cni.version);
    const spec = writeSpec(parts, tier, metadata.namespace as string | undefined, native);
    return plain({ apiVersion: CALICO_V3, kind, metadata: { ...metadata, name }, spec });
  });
  acceptedPolicies(native, 'calico', document);
  return document;
}

/** A tier of the app is written before the policies in it. */
export function dependOnTier(policy: ApiObject, { tier }: CalicoPolicyOptions): void {
  if (tier instanceof CalicoTier && sameChart(policy, tier)) { policy.node.addDependency(tier); }
}

function tierOf({ tier }: CalicoPolicyOptions, root: Construct): string {
  if (tier instanceof CalicoTier && tier.node.root !== root) { throw new Error('tier: is of another app, which this one does not write; say CalicoTier.existing(name)'); }
  if (tier !== undefined && typeof tier.tierName !== 'string') { throw new Error('tier: is neither a CalicoTier nor CalicoTier.existing(name)'); }
  return tier?.tierName ?? DEFAULT_TIER;
}

/**
 * With the tier before it, which Calico before 3.32 asks for and later versions take: a new version of Calico must not rename a policy,
 * since the old one would stay.
 */
function nameIn(tier: string, stated: string, global: boolean, version: string | undefined): string {
  const bare = stated.startsWith(`${tier}.`) ? stated.slice(tier.length + 1) : stated;
  if (bare.includes('.')) { throw new Error(`name: ${JSON.stringify(stated)} has a dot, which Calico takes for the end of a tier's name; use "-"`); }
  const name = nameInTier(tier, bare);
  const problem = policyNameProblem(name, global, tier, version);
  if (problem) { throw new Error(`name: ${problem}`); }
  return name;
}

function writeSpec(parts: PolicyParts, tier: string, namespace: string | undefined, { features }: Native): Json {
  const {
    tier: _tier, name: _name, order, selector, serviceAccountSelector, namespaceSelector, types, ingress, egress, hostEndpoints, stagedAction, ...rest
  } = parts;
  const context = { features, ...(namespace === undefined ? {} : { namespace }) };
  const inTier = tier === DEFAULT_TIER ? {} : { tier };
  if (stagedAction === CalicoStagedAction.DELETE) { return { stagedAction, ...inTier, ...onlyTier(parts) }; }
  return {
    ...(stagedAction === undefined ? {} : { stagedAction }),
    ...inTier,
    order: order ?? NORMAL_ORDER,
    selector: selector === undefined ? 'all()' : selectorText(selector, 'selector'),
    ...(serviceAccountSelector === undefined ? {} : { serviceAccountSelector: selectorText(serviceAccountSelector, 'serviceAccountSelector') }),
    // Fields of the whole cluster, which a policy of one namespace does not have.
    ...(namespace === undefined ? writeScope(parts) : { namespaceSelector, hostEndpoints }),
    types: typesOf(parts),
    ...(ingress === undefined ? {} : { ingress: writeRules(ingress, 'ingress', context) }),
    ...(egress === undefined ? {} : { egress: writeRules(egress, 'egress', context) }),
    ...withFlags(rest),
  };
}

/** The preview of a deletion says nothing but which policy. */
function onlyTier(parts: PolicyParts): Json {
  const extra = Object.entries(parts).find(([key, value]) => !['tier', 'name', 'stagedAction'].includes(key) && value !== undefined);
  if (extra) { throw new Error(`${extra[0]}: the preview of a deletion names the policy and its tier only; leave it out`); }
  return {};
}

/** Without a namespaceSelector a global policy is about host endpoints too. */
function writeScope({ namespaceSelector, hostEndpoints, doNotTrack, preDnat, applyOnForward }: PolicyParts): Json {
  if (hostEndpoints) {
    if (namespaceSelector) { throw new Error('namespaceSelector: host endpoints are in no namespace, so that it leaves only pods; leave it or hostEndpoints out'); }
    return {};
  }
  const flag = Object.entries({ doNotTrack, preDnat, applyOnForward }).find(([, on]) => on);
  if (flag) { throw new Error(`${flag[0]}: does nothing on pods; state hostEndpoints: true for a policy about host endpoints`); }
  return { namespaceSelector: namespaceSelector === undefined ? 'all()' : selectorText(namespaceSelector, 'namespaceSelector') };
}

/** Always written: what Calico takes for it when it is absent depends on how Calico is installed. */
function typesOf({ types, ingress, egress }: PolicyParts): string[] {
  const withRules = [...(ingress ? ['Ingress'] : []), ...(egress ? ['Egress'] : [])];
  if (types === undefined && withRules.length === 0) { throw new Error('types: a policy without rules must state which directions it closes'); }
  const silent = types && withRules.find(type => !types.some(stated => stated === type));
  if (silent) { throw new Error(`types: ${silent} is not among them, and the rules of that direction would be ignored; add it, or leave types out`); }
  // In one order, whatever the order in which they are stated.
  return ['Ingress', 'Egress'].filter(type => (types ?? withRules).some(stated => stated === type));
}

function withFlags(rest: Json): Json {
  const { doNotTrack, preDnat, applyOnForward, ...others } = rest;
  if (doNotTrack && preDnat) { throw new Error('preDnat: a policy is asked before connection tracking or before address translation; leave preDnat or doNotTrack out'); }
  const first = doNotTrack || preDnat;
  if (first && applyOnForward === false) { throw new Error('applyOnForward: must be true with doNotTrack and preDnat; leave it out'); }
  return {
    ...others,
    ...(doNotTrack ? { doNotTrack } : {}),
    ...(preDnat ? { preDNAT: preDnat } : {}),
    ...(first || applyOnForward ? { applyOnForward: true } : {}),
  };
}
