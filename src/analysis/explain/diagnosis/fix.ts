import { dump } from 'js-yaml';
import { Fix, Question } from './diagnosis';
import { fixCode } from './fix-code';
import { fixDocuments } from './fix-documents';
import { Document, Refusal } from '../../../dialects/dialect';
import { UnreadableDocument } from '../../../dialects/document-reader';
import { dialectModule } from '../../../dialects/index';
import { linkAll } from '../../../dialects/link';
import { evaluate } from '../../../model/evaluate';
import { Policy } from '../../../model/policy-set';
import { Analysis } from '../../analysis';
import { meetings } from '../../party';
import { Explanation, ExplanationStep } from '../explanation';
import { stepText } from '../explanation-text';

/** What would let a denied flow pass: one statement, held against all that the cluster has; nothing where none is needed. */
export function fixOf(analysis: Analysis, question: Question, explanation: Explanation): Fix | undefined {
  if (explanation.answer !== 'denied') { return undefined; }
  const denied = deniedSides(explanation);
  try {
    const documents = fixDocuments(analysis, question, denied);
    if (documents && opens(analysis, question, documents)) { return statement(question, yamlOf(documents)); }
    return blocked(explanation) ?? { text: 'no policy can be written for these ends: policies select pods of the input by their labels' };
  } catch (error) {
    const unwritten = error instanceof Refusal ? withoutYaml(question, error) : { text: `no policy that lets it pass could be written: ${expected(error).message}` };
    return blocked(explanation) ?? unwritten;
  }
}

/** What a writer or a reader says of what it does not take; any other error is a mistake of this program. */
function expected(error: unknown): Error {
  if (error instanceof UnreadableDocument || (error instanceof Error && error.name === 'Error')) { return error; }
  throw error;
}

/** Of all ways in which the two may meet. */
const deniedSides = ({ sides, others }: Explanation) => [...new Set([...sides, ...others.flatMap(other => other.sides)]
  .filter(({ answer }) => answer === 'denied').map(({ direction }) => direction))];

function statement(question: Question, yaml: readonly string[]): Fix {
  const code = fixCode(question);
  return { text: 'with this statement the flow passes', ...(code === undefined ? {} : { code }), yaml };
}

function withoutYaml(question: Question, { dialect, reason, alternative }: Refusal): Fix {
  const code = fixCode(question);
  return { text: `the ${dialect} dialect cannot say this: ${reason}; ${alternative}`, ...(code === undefined || question.traffic.http ? {} : { code }) };
}

/** Whether the flow passes once these are applied, in every way in which the two may meet. */
function opens({ set, cluster }: Analysis, { source, destination, traffic }: Question, documents: readonly Document[]): boolean {
  const { dialect, version, features, profile } = cluster;
  const module = dialectModule(dialect);
  const read = documents.flatMap((document): Policy[] => module.read(document, undefined, version));
  const { policies } = linkAll(dialect, read, [], version, features);
  const fixed = { ...set, policies: [...set.policies, ...policies] };
  return meetings(source, destination).every(([from, to]) => evaluate(fixed, { ...traffic, source: from, destination: to }, profile) === 'allowed');
}

/** An allow does not help against what denies before it. */
function blocked({ sides }: Explanation): Fix | undefined {
  const step = sides.flatMap(side => (side.answer === 'denied' ? side.steps : [])).find(({ effect }: ExplanationStep) => effect === 'denies');
  return step && { text: `no allow comes before the rule that denies it: change or remove that rule (${stepText(step)})` };
}

const yamlOf = (documents: readonly Document[]): string[] =>
  documents.flatMap((document, i) => [...(i === 0 ? [] : ['---']), ...dump(JSON.parse(JSON.stringify(document)), { noRefs: true, lineWidth: -1 }).trimEnd().split('\n')]);
