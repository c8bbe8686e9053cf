import { uselessRules } from './describe/contributions';
import { Certainty, DirectionDescription, PolicyDescription, RuleDescription, StageDescription, WorkloadDescription } from './describe/description';
import { effectivePeers } from './describe/effective-peers';
import { peersOf } from './describe/peers';
import { exprText } from './expr-text';
import { partOf, placeOf, policyText } from './policy-text';
import { shown } from './shown';
import { boxesText } from './traffic-text';
import { compareOrder } from '../../model/evaluate';
import { matchesEndpoint, NO, YES } from '../../model/match';
import { Direction, DIRECTIONS, peerOf, Policy } from '../../model/policy-set';
import { Analysis } from '../analysis';
import { Party } from '../party';
import { isImplicit } from '../world/implicit-policy';

/** All that policies say about one workload: who selects it, what that closes and opens, and which rules change nothing. */
export function describeWorkload(analysis: Analysis, party: Party): WorkloadDescription {
  const { workload } = party;
  return shown({
    workload: party.text,
    ...(workload?.at === undefined ? {} : { at: workload.at }),
    labels: workload?.labels ?? {},
    ports: (workload?.ports ?? []).map(({ name, port, protocol }) => `${protocol} ${port}${name === undefined ? '' : ` (${name})`}`),
    directions: DIRECTIONS.map(direction => directionDescription(analysis, party, direction)),
    remarks: workload?.hostNetwork ? ['its pods are on the network of their node: policies that select pods do not select them'] : [],
  });
}

interface Selecting {
  readonly policy: Policy;
  readonly selects: Certainty;
}

function directionDescription(analysis: Analysis, party: Party, direction: Direction): DirectionDescription {
  const mine = selecting(analysis, party, direction);
  const enforced = mine.map(({ policy }) => policy).filter(({ mode }) => mode === 'enforce');
  const peers = peersOf(analysis, direction, enforced);
  const useless = uselessRules(analysis, direction, party.variants, enforced, peers);
  const closing = mine.filter(({ policy }) => policy.mode === 'enforce' && policy.isolates);
  const stages = analysis.set.pipeline.flatMap(layer => layer.stages).map(({ id }): StageDescription => ({
    stage: id,
    policies: mine.filter(({ policy }) => policy.stage === id && !isImplicit(policy))
      .sort((a, b) => compareOrder(a.policy.order, b.policy.order))
      .map(each => policyDescription(each, useless)),
  }));
  return {
    direction,
    isolated: closing.some(({ selects }) => selects === 'yes') ? 'yes' : closing.length > 0 ? 'maybe' : 'no',
    closedBy: closing.map(({ policy }) => policyText(policy)),
    stages: stages.filter(({ policies }) => policies.length > 0),
    effective: effectivePeers(analysis, direction, party, enforced, peers),
  };
}

function selecting({ set, cluster: { profile } }: Analysis, { variants }: Party, direction: Direction): Selecting[] {
  return set.policies.filter(policy => policy.direction === direction).flatMap((policy): Selecting[] => {
    const matched = variants.map(variant => matchesEndpoint(policy.subject, variant, profile));
    if (matched.every(each => each === NO)) { return []; }
    return [{ policy, selects: policy.hook === undefined && matched.every(each => each === YES) ? 'yes' : 'maybe' }];
  });
}

function policyDescription({ policy, selects }: Selecting, useless: ReadonlyMap<unknown, string>): PolicyDescription {
  const { direction, mode, isolates, rules, origin, voidBecause } = policy;
  const at = placeOf(origin, '');
  return {
    policy: policyText(policy),
    ...(at === undefined ? {} : { at }),
    mode,
    ...(voidBecause === undefined ? {} : { because: voidBecause }),
    selects,
    isolates,
    rules: rules.map((rule, i): RuleDescription => {
      const place = rule.origin && placeOf(rule.origin);
      const why = useless.get(rule);
      return {
        rule: (rule.origin && partOf(rule.origin)) ?? `rule ${i + 1}`,
        ...(place === undefined ? {} : { at: place }),
        action: rule.action,
        peers: exprText(peerOf(direction, rule.match)),
        traffic: boxesText(rule.match.traffic),
        ...(why === undefined ? {} : { useless: why }),
      };
    }),
  };
}
