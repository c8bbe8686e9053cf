import { Analysis } from '../../analysis/analysis';
import { diagnose } from '../../analysis/explain/diagnosis/diagnose';
import { Diagnosis } from '../../analysis/explain/diagnosis/diagnosis';
import { diagnosisText } from '../../analysis/explain/diagnosis/diagnosis-text';
import { explain as explanationOf } from '../../analysis/explain/explain';
import { Explanation } from '../../analysis/explain/explanation';
import { explanationText } from '../../analysis/explain/explanation-text';
import { AskedFlow, AskedFlows, askedFlows } from '../asked-flows';
import { ExplainOptions } from '../commands/explain';
import { Context } from '../context';
import { EXIT, ExitCode } from '../exit-code';
import { exitCode, load, tellNotes } from '../load';

export async function explain(context: Context, paths: readonly string[], options: ExplainOptions): Promise<ExitCode> {
  const { analysis, problems, notes } = await load(context, paths, { closed: false });
  const asked = askedFlows(analysis, options);
  const answers = asked.flows.map(flow => answerOf(analysis, flow));
  const allowed = answers.length > 0 && answers.every(({ explanation }) => explanation.answer === 'allowed');
  const all = [...asked.notes, ...contradiction(asked, answers), ...notes];
  if (options.format === 'json') {
    await context.answer(`${JSON.stringify({ explanations: answers.map(({ explanation, ...rest }) => ({ ...explanation, ...rest })), notes: all }, undefined, 2)}\n`);
  } else {
    await (answers.length > 0 ? context.answer(answersText(answers, context.isColoured)) : context.plainAnswer(`${asked.text}: ${asked.open ? 'who answers there is not known' : 'nothing answers there'}\n`));
    await tellNotes(context, all);
  }
  return exitCode(problems, allowed ? EXIT.HOLDS : EXIT.VIOLATED);
}

interface Answer {
  readonly explanation: Explanation;
  /** Of what does not surely pass. */
  readonly diagnosis?: Diagnosis;
}

function answerOf(analysis: Analysis, flow: AskedFlow): Answer {
  const explanation = explanationOf(analysis, flow.source, flow.destination, flow.traffic);
  return explanation.answer === 'allowed' ? { explanation } : { explanation, diagnosis: diagnose(analysis, flow) };
}

const answersText = (answers: readonly Answer[], colour: boolean): string => answers
  .flatMap(({ explanation, diagnosis }) => [explanationText(explanation, { colour }), ...diagnosis ? [diagnosisText(diagnosis, { colour })] : []])
  .join('\n');

/** Where a flow that was seen fared otherwise than the manifests say. */
function contradiction({ seen }: AskedFlows, answers: readonly Answer[]): string[] {
  const contrary = seen === 'passed' ? 'denied' : 'allowed';
  if (seen === undefined || answers.length === 0 || answers.some(({ explanation }) => explanation.answer !== contrary)) { return []; }
  return [`the flow ${seen === 'passed' ? 'passed' : 'was dropped'} in the cluster, and by these manifests it is ${contrary}: `
    + 'the cluster has other policies than these, or had when it was seen'];
}
