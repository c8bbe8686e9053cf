import { answersOf } from './answers';
import { AskedTraffic, trafficText } from './asked-traffic';
import { exampleOf } from './example';
import { membersOf } from './members';
import { pairs } from './pairs';
import { Side, sideText } from './side';
import { Answer } from '../../model/evaluate';
import { Analysis } from '../analysis';
import { explain } from '../explain/explain';
import { Explanation } from '../explain/explanation';

/** What all flows between two sides have in common. */
export interface SidesVerdict {
  /** `partial` where some of the flows pass and others do not. */
  readonly answer: Answer;
  /** One for each answer of each two ends, up to a bound. */
  readonly explanations: readonly Explanation[];
}

const MOST_EXPLANATIONS = 10;

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
      if (explanations.length === MOST_EXPLANATIONS) { continue; }
      const parts = answers.filter(one => one.answer === answer).map(({ part }) => part);
      explanations.push(explain(analysis, pair.source, pair.destination, exampleOf(parts, pair.destination)));
    }
  }
  if (found.size === 0) { throw new Error(`there is no ${trafficText(traffic)} from ${sideText(source)} to ${sideText(destination)} that a policy could see`); }
  return { answer: together(found), explanations };
}

function together(answers: ReadonlySet<Answer>): Answer {
  const [first] = answers;
  return answers.size === 1 ? first : answers.has('unknown') ? 'unknown' : 'partial';
}
