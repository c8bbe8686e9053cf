import { describeWorkload } from '../../analysis/explain/describe-workload';
import { descriptionText } from '../../analysis/explain/description-text';
import { DescribeOptions } from '../commands/describe';
import { Context } from '../context';
import { EXIT, ExitCode } from '../exit-code';
import { exitCode, load, tellNotes } from '../load';
import { workloadOf } from '../parties';

export async function describe(context: Context, path: string, name: string, options: DescribeOptions): Promise<ExitCode> {
  const { analysis, problems, notes } = await load(context, [path], { closed: false });
  const description = describeWorkload(analysis, workloadOf(analysis, name));
  if (options.format === 'json') {
    await context.answer(`${JSON.stringify({ ...description, notes }, undefined, 2)}\n`);
  } else {
    await context.answer(descriptionText(description));
    await tellNotes(context, notes);
  }
  return exitCode(problems, EXIT.HOLDS);
}
