import { Case, Explanation } from './explanation';
import { variantText } from './meeting-text';
import { missingFacts } from './missing';
import { NamedFlow } from './near-rules';
import { passingRequests } from './passing-requests';
import { remarksOf } from './remarks';
import { shown } from './shown';
import { sideExplanation } from './side';
import { trafficText } from './traffic-text';
import { Answer, trace } from '../../model/evaluate';
import { Analysis } from '../analysis';
import { Party, Traffic } from '../party';

/** More ways in which two ends may meet are not told apart. */
const MOST_MEETINGS = 256;
const MOST_CASES = 4;

/** Why a flow passes or not: each policy and rule that lets it through or stops it, on both sides. */
export function explain(analysis: Analysis, source: Party, destination: Party, traffic: Traffic): Explanation {
  const { set, cluster: { profile } } = analysis;
  const cases = new Map<string, Case>();
  const missing = new Set<string>();
  const requests = new Set<string>();
  const ways = analysis.meetings(source, destination);
  for (const [from, to] of ways.slice(0, MOST_MEETINGS)) {
    const flow: NamedFlow = { flow: { ...traffic, source: from, destination: to }, source: source.text, destination: destination.text };
    const { answer, egress, ingress } = trace(set, flow.flow, profile);
    const sides = [egress, ingress].map(side => sideExplanation(set, side, flow, profile));
    const key = JSON.stringify([answer, sides]);
    if (cases.has(key)) { continue; }
    const when = [...variantText('the source', from, source.variants), ...variantText('the destination', to, destination.variants)].join(', ');
    cases.set(key, { ...(when === '' ? {} : { when }), answer, sides });
    for (const side of [egress, ingress]) {
      if (answer === 'unknown') { missingFacts(side, flow, profile).forEach(fact => missing.add(fact)); }
      if (answer === 'partial') { passingRequests(side, flow.flow).forEach(sentence => requests.add(sentence)); }
    }
  }
  const [first, ...others] = [...cases.values()];
  const { when, ...plain } = first ?? { answer: 'unknown', sides: [] };
  const answer = analysis.answer(source, destination, traffic);
  return shown({
    source: source.text,
    destination: destination.text,
    traffic: trafficText(traffic),
    ...plain,
    ...(when === undefined || others.length === 0 ? {} : { when }),
    answer,
    others: others.slice(0, MOST_CASES - 1),
    missing: answer === 'unknown' ? [...missing, ...disagreement(ways.length, [...cases.values()])] : [],
    requests: answer === 'partial' ? [...requests] : [],
    remarks: remarksOf(analysis, source, destination, traffic, [...cases.values()]),
  });
}

/** Where the ways in which the two may meet fare otherwise, which one it is. */
function disagreement(ways: number, cases: readonly Case[]): string[] {
  if (ways === 0) { return ['how the two could meet: they have no IP family in common, or one of them is a node that the other is not on']; }
  const answers = new Set<Answer>(cases.map(({ answer }) => answer));
  if (answers.size < 2) { return []; }
  return [`which of these it is: ${cases.slice(0, MOST_CASES).map(({ when = 'the rest', answer }) => `where ${when}, ${answer}`).join('; ')}`];
}
