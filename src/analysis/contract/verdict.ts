import { answersOf } from './answers';
import { AskedTraffic, trafficText } from './asked-traffic';
import { exampleOf } from './example';
import { joinRanges, rangeIn } from './join-ranges';
import { membersOf } from './members';
import { pairs } from './pairs';
import { Side, sideText } from './side';
import { Answer } from '../../model/evaluate';
import { Analysis } from '../analysis';
import { explain } from '../explain/explain';
import { Explanation } from '../explain/explanation';

/** What all flows between two sides have in common. */
interface SidesVerdict {
  /** `partial` where some of the flows pass and others do not. */
  readonly answer: Answer;
  /** One for each answer of each two ends, up to a bound; ranges of addresses that fare alike are one end. */
  readonly explanations: readonly Explanation[];
}

const MOST_EXPLANATIONS = 10;

/** Of which many may be about ranges that fare alike. */
const MOST_LOOKED_AT = 64;

/**
 * The answer for all flows of the traffic between two sides.
 * @throws when a side stands for nothing
 */
export function verdictOf(analysis: Analysis, source: Side, destination: Side, traffic: AskedTraffic | undefined): SidesVerdict {
  const [sources, destinations] = [membersOf(analysis, source), membersOf(analysis, destination)];
  const problems = [...sources.problems, ...destinations.problems];
  if (problems.length > 0) { throw new Error(problems.join('\n')); }
  const found = new Set<Answer>();
  const explanations: Explanation[] = [];
  for (const pair of pairs(analysis, sources, destinations)) {
    const answers = pair.unreachable ?? answersOf(analysis, pair, traffic);
    if (typeof answers === 'string') { throw new Error(answers); }
    for (const answer of new Set(answers.map(one => one.answer))) {
      found.add(pair.sure ? answer : 'unknown');
      if (explanations.length === MOST_LOOKED_AT) { continue; }
      const parts = answers.filter(one => one.answer === answer).map(({ part }) => part);
      explanations.push(explain(analysis, pair.source, pair.destination, exampleOf(parts, pair.destination)));
    }
  }
  if (found.size === 0) { throw new Error(`there is no ${trafficText(traffic)} from ${sideText(source)} to ${sideText(destination)} that a policy could see`); }
  return { answer: together(found), explanations: missingOnce(explanations).slice(0, MOST_EXPLANATIONS) };
}

/** Ranges of addresses that fare alike are one. What is missing about others is mostly the same too: the first of them says it, of all. */
function missingOnce(explanations: readonly Explanation[]): Explanation[] {
  const ofRanges = explanations.filter(each => rangeIn(each) !== undefined);
  const sentences = ofRanges.flatMap(({ source, destination, missing }) => missing.map(sentence => ({ source, destination, sentence })));
  const all = [...new Set(joinRanges(sentences).map(({ sentence }) => sentence))];
  const alike = joinRanges(explanations.map(each => (rangeIn(each) === undefined ? each : { ...each, missing: [] })));
  const first = alike.find(({ answer, missing }) => answer === 'unknown' && missing.length === 0);
  return alike.map(each => (each === first ? { ...each, missing: all } : each));
}

function together(answers: ReadonlySet<Answer>): Answer {
  const [first] = answers;
  return answers.size === 1 ? first : answers.has('unknown') ? 'unknown' : 'partial';
}
