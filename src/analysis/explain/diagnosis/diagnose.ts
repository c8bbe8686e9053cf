import { caveats } from './caveats';
import { Check, Diagnosis, Question } from './diagnosis';
import { fixOf } from './fix';
import { labelHints } from './label-hints';
import { nameResolution } from './name-resolution';
import { portChecks } from './port-checks';
import { probesOf } from './probes';
import { serviceChecks } from './service-checks';
import { Analysis } from '../../analysis';
import { explain } from '../explain';
import { Explanation, SideExplanation } from '../explanation';
import { stepText } from '../explanation-text';
import { shown } from '../shown';

/** Everything that may be wrong with one connection, in the order in which to look at it, and what would mend it. */
export function diagnose(analysis: Analysis, question: Question): Diagnosis {
  const { source, destination, traffic } = question;
  const explanation = explain(analysis, source, destination, traffic);
  const fix = fixOf(analysis, question, explanation);
  return shown({
    checks: [
      ...nameResolution(analysis, question),
      ...serviceChecks(analysis, question),
      ...portChecks(analysis, question, explanation),
      ...explanation.sides.map(sideCheck),
      ...labelHints(analysis, question, explanation),
      ...caveats(analysis, question),
      ...unknowns(explanation),
    ],
    ...(fix ? { fix } : {}),
    probes: probesOf(analysis, question),
  });
}

const OUTCOMES = { allowed: 'ok', denied: 'problem', partial: 'note', unknown: 'unknown' } as const;

/** The step that decides, in short. */
function sideCheck({ direction, subject, answer, steps }: SideExplanation): Check {
  const telling = steps.filter(({ effect }) => !['nothing', 'inert'].includes(effect));
  const last = telling[telling.length - 1];
  return { topic: direction, outcome: OUTCOMES[answer], text: `${subject}: ${answer}${last === undefined ? '' : `; ${stepText(last)}`}` };
}

const unknowns = ({ missing }: Explanation): Check[] =>
  (missing.length === 0 ? [] : [{ topic: 'network', outcome: 'unknown', text: `the answer depends on ${missing.join('; ')}` }]);
