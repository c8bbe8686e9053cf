import { fqdnProblem, isWildcard } from '../../model/fqdn';

/** What is wrong with a DNS name that is sent, which stands for itself alone; undefined where nothing is. */
export const exactNameProblem = (name: string): string | undefined =>
  (isWildcard(name) ? `${JSON.stringify(name)} stands for many names; state an exact one` : fqdnProblem(name));
