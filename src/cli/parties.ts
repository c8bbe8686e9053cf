import { UsageError } from './usage-error';
import { Analysis } from '../analysis/analysis';
import { findParty } from '../analysis/find-party';
import { Party } from '../analysis/party';

/** The one workload that a text names. */
export function workloadOf(analysis: Analysis, text: string): Party {
  const { parties, service } = findParty(analysis, text);
  const [party] = parties;
  if (parties.length === 1 && party.workload) { return party; }
  const instead = service && parties.length > 0 ? `; the Service has ${parties.map(each => each.text).join(', ')}` : '; write ns/workload, such as shop/web';
  throw new UsageError(`${JSON.stringify(text)} is not one workload${instead}`);
}
