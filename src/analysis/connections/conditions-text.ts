import { RuleTrace, SideTrace } from '../../model/evaluate';
import { Flow, matchesTraffic, NO, YES } from '../../model/match';
import { TrafficBox } from '../../model/traffic';

/**
 * What an answer depends on that is not plain: what the rules that match, or may, ask of requests, names, ICMP types and source ports. Equal
 * texts are equal conditions, whoever states them and in whatever order; of different ones nobody says whether they are wider or narrower.
 */
export function conditionsText({ layers }: SideTrace, flow: Flow): string {
  return JSON.stringify(layers.map(({ stages }) => stages.map(({ rules }) => steps(rules, flow)).filter(list => list.length > 0)));
}

/** Neighbours that do the same are one step, however many rules they are. */
function steps(rules: readonly RuleTrace[], flow: Flow): (readonly [string, readonly string[]])[] {
  const found: { readonly action: string; readonly conditions: Set<string> }[] = [];
  for (const { rule, matched } of rules) {
    let step = found[found.length - 1];
    if (step?.action !== rule.action) { found.push(step = { action: rule.action, conditions: new Set() }); }
    for (const condition of matched === YES ? [''] : rule.match.traffic.flatMap(box => conditionsOf(box, flow))) { step.conditions.add(condition); }
  }
  return found.map(({ action, conditions }) => [action, [...conditions].sort()] as const);
}

/** Each alternative as a text of its own. */
function conditionsOf(box: TrafficBox, flow: Flow): string[] {
  const matched = matchesTraffic([box], flow);
  if (matched === NO) { return []; }
  if (matched === YES) { return ['']; }
  const { l7, serverNames, ipVersion, icmp, sourcePorts } = box;
  const requests: readonly unknown[] = !l7 ? [null] : 'http' in l7 ? l7.http : 'dns' in l7 ? l7.dns : [l7];
  return requests.map(request => JSON.stringify([request, serverNames && [...serverNames].sort(), ipVersion, icmp, sourcePorts]));
}
