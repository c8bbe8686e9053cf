import { Case } from './explanation';
import { Analysis } from '../analysis';
import { isSamePod, Party, Traffic } from '../party';

/** What to know about an answer, beside the rules; sentences. */
export function remarksOf({ cluster }: Analysis, source: Party, destination: Party, _traffic: Traffic, cases: readonly Case[]): string[] {
  const hosts = [source, destination].filter(({ workload }) => workload?.hostNetwork);
  return [
    ...(isSamePod(source, destination) ? ['what a pod sends to itself never leaves it: no policy is asked'] : []),
    ...hosts.map(({ text }) => `${text} is on the network of its node: policies take it for the node, and do not select it by its labels`),
    ...(cluster.closed ? ['what the input does not say is taken not to be: a namespace without an object has no labels but its name, and a range matches pods by a known address only'] : []),
    ...(cases.some(({ sides }) => sides.some(({ steps }) => steps.some(({ layer }) => layer === 'mesh'))) ? ['the mesh is a layer of its own, and must allow too'] : []),
  ];
}
