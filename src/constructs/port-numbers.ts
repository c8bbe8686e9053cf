import { AppPods } from './app-objects';
import { Risk } from '../cluster/accepted-risk';
import type { ResolvedFacts } from '../cluster/cluster';
import { valueOf } from '../cluster/cni-capabilities';

/** Whether ports may be written by name. Where the CNI does not enforce names, what is found in the app is written by number. */
export const namesAreEnforced = ({ cni }: ResolvedFacts): boolean => valueOf(cni, Risk.NAMED_PORTS) === 'yes';

/** The numbers that a name has in the containers of pods. */
export const numbersOfName = (name: string, pods: readonly Pick<AppPods, 'template'>[]): number[] =>
  [...new Set(pods.flatMap(({ template: { ports } }) => ports.filter(port => port.name === name && port.protocol === 'TCP').map(({ port }) => port)))];
