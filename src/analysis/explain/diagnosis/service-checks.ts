import { Check, Question } from './diagnosis';
import { selectorText, typoText } from './label-words';
import { Analysis } from '../../analysis';
import { Known } from '../../find/known';
import { Service, Workload } from '../../world/world';

/** Whether the Service by which the destination was named leads to it. */
export function serviceChecks(analysis: Analysis, { found, destination }: Question): Check[] {
  const { service } = found ?? {};
  if (!found || !service) { return []; }
  const place = `Service ${service.namespace}/${service.name}`;
  const notes = found.notes.map((text): Check => ({ topic: 'service', outcome: 'note', text }));
  if (service.externalName !== undefined) { return [{ topic: 'service', outcome: 'note', text: `${place} is another name of ${service.externalName}, outside the cluster: policies are about that name` }]; }
  if (!service.selector) { return notes; }
  const selected = Known.of(analysis).workloadsIn(service.namespace).filter(({ workload }) => failing(service, workload!).length === 0);
  if (selected.length > 0) {
    const names = selected.slice(0, 3).map(({ text }) => text).join(', ');
    const others = found.notes.filter(note => !note.includes('selects no pods')).map((text): Check => ({ topic: 'service', outcome: 'note', text }));
    const missed: Check[] = destination.workload && !selected.includes(destination) && found.parties.length > 0 ? [{ topic: 'service', outcome: 'note', text: `${destination.text} is not behind it` }] : [];
    return [{ topic: 'service', outcome: 'ok', text: `${place} selects ${names}${selected.length > 3 ? ` and ${selected.length - 3} more` : ''}` }, ...missed, ...others];
  }
  return [{ topic: 'service', outcome: 'problem', text: `${place} selects no pods (${selectorText(service.selector)})${nearMiss(analysis, service)}` }];
}

/** The labels that the workload has not. */
const failing = ({ selector }: Service, { labels }: Workload): [string, string][] =>
  Object.entries(selector ?? {}).filter(([key, value]) => !Object.hasOwn(labels, key) || labels[key] !== value);

/** A workload that it would select but for one label. */
function nearMiss(analysis: Analysis, service: Service): string {
  for (const { text, workload } of Known.of(analysis).workloadsIn(service.namespace)) {
    const missing = failing(service, workload!);
    if (missing.length !== 1 || Object.keys(service.selector!).length < 1) { continue; }
    const [[key, value]] = missing;
    const own = Object.hasOwn(workload!.labels, key) ? workload!.labels[key] : undefined;
    if (Object.keys(service.selector!).length === 1 && (own === undefined || typoText(value, own) === '')) { continue; }
    return `; it would select ${text} but for ${key}=${value}: ${own === undefined ? 'the pods have no such label' : `the pods have ${key}=${own}${typoText(value, own)}`}`;
  }
  return '';
}
