import { End } from './side';
import { INTERNET } from '../../cluster/internet';
import { parseCidr } from '../../model/cidr';
import { address, allOf, ANY, EXTERNAL, inNamespace, POD } from '../../model/endpoint';
import { dnsLabelProblem } from '../../model/labels';

/**
 * An end by its text: `shop/*` is every workload of a namespace, `internet` every public address, `*` everything; a range is addresses outside
 * the cluster; all else is what `findParty` takes.
 * @throws when a namespace or a range is not valid
 */
export function endOf(text: string): End {
  if (text === '*') { return { text, expr: ANY }; }
  if (text === 'internet') { return { text, expr: INTERNET }; }
  if (text.endsWith('/*')) { return everyWorkload(text, text.slice(0, -2)); }
  return /^[\d.]+\/\d+$|^[\da-f:.]*:[\da-f:.]*\/\d+$/i.test(text) ? rangeOf(text) : { text, name: text };
}

function everyWorkload(text: string, namespace: string): End {
  const problem = dnsLabelProblem('namespace', namespace);
  if (problem !== undefined) { throw new Error(problem); }
  return { text, expr: allOf(POD, inNamespace(namespace)) };
}

const rangeOf = (text: string): End => ({ text, expr: allOf(EXTERNAL, address(parseCidr(text))) });
