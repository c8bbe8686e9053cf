import { describeWorkload } from '../../analysis/explain/describe-workload';
import { descriptionText } from '../../analysis/explain/description-text';
import { DescribeOptions } from '../commands/describe';
import { Context } from '../context';
import { EXIT, ExitCode } from '../exit-code';
import { exitCode, load, tellNotes } from '../load';
import { workloadOf } from '../parties';
import { UsageError } from '../usage-error';

/** @param args the manifests, and last the workload */
export async function describe(context: Context, args: readonly string[], options: DescribeOptions): Promise<ExitCode> {
  const [paths, name] = [args.slice(0, -1), args[args.length - 1]];
  if (paths.length === 0) { throw new UsageError('state the manifests and then the workload, such as: describe dist shop/api'); }
  const { analysis, problems, notes } = await load(context, paths, { closed: false });
  const description = describeWorkload(analysis, workloadOf(analysis, name));
  if (options.format === 'json') {
    await context.answer(`${JSON.stringify({ ...description, notes }, undefined, 2)}\n`);
  } else {
    await context.answer(descriptionText(description));
    await tellNotes(context, notes);
  }
  return exitCode(problems, EXIT.HOLDS);
}
