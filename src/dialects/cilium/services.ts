import { EndpointExpr, Reference } from '../../model/endpoint';
import { refuse } from '../refusals';
import { readReferenceSelector, referenceSelector } from './addresses';
import { Reading } from './reading';

/** toServices: the pods of Services, or the addresses outside of those that select none. */

type Json = Record<string, unknown>;

export function readService(reading: Reading, raw: unknown, path: string): EndpointExpr {
  const fields = reading.object(raw, path, ['k8sService', 'k8sServiceSelector']);
  const [service, selector] = [reading.own(fields, 'k8sService'), reading.own(fields, 'k8sServiceSelector')];
  // The agent looks at the selector first, and then no more at the name.
  if (service !== undefined && selector !== undefined) { throw reading.fail(path, 'beside k8sServiceSelector Cilium does not look at k8sService; write an entry for each'); }
  if (selector !== undefined) { return readSelected(reading, selector, `${path}.k8sServiceSelector`); }
  if (service === undefined) { throw reading.fail(path, 'an entry without k8sService and k8sServiceSelector matches nothing; name a Service'); }
  return readNamed(reading, service, `${path}.k8sService`);
}

function readNamed(reading: Reading, raw: unknown, path: string): Reference {
  const fields = reading.object(raw, path, ['serviceName', 'namespace'], { name: 'the name of the Service is serviceName' });
  const [name, namespace] = [reading.text(fields, 'serviceName', path), reading.text(fields, 'namespace', path)];
  if (!name) { throw reading.fail(path, 'without serviceName it matches nothing; name the Service'); }
  // An absent namespace is every one.
  if (name === 'kubernetes' && (!namespace || namespace === 'default')) {
    throw reading.fail(path, 'the endpoints of default/kubernetes are not addresses outside to Cilium, and this does not match them; use toEntities: [kube-apiserver]');
  }
  return { ref: 'service', name, ...(namespace ? { namespace } : {}) };
}

function readSelected(reading: Reading, raw: unknown, path: string): Reference {
  const fields = reading.object(raw, path, ['selector', 'namespace']);
  const [selector, namespace] = [reading.own(fields, 'selector'), reading.text(fields, 'namespace', path)];
  if (selector === undefined) { throw reading.refused(`${path}.selector`, 'a selector is needed'); }
  return { ref: 'service', selector: readReferenceSelector(reading, selector, `${path}.selector`), ...(namespace ? { namespace } : {}) };
}

export function writeService({ name, namespace, selector }: Reference, statement: string): Json {
  const place = namespace === undefined ? {} : { namespace };
  if (name === undefined) { return { k8sServiceSelector: { selector: referenceSelector(selector, statement), ...place } }; }
  if (name === 'kubernetes' && (namespace === undefined || namespace === 'default')) {
    throw refuse('cilium', 'reference', statement, 'the Service default/kubernetes, which is the entity kube-apiserver');
  }
  return { k8sService: { serviceName: name, ...place } };
}

/** toGroups and fromGroups: what a cloud knows, kept as it was written. */
export function readCloudGroup(reading: Reading, raw: unknown, path: string): Reference {
  const fields = reading.object(raw, path, ['aws']);
  const aws = reading.own(fields, 'aws');
  if (aws === undefined) { throw reading.fail(path, 'aws is needed: no other cloud has groups in Cilium'); }
  const at = `${path}.aws`;
  const group = reading.object(aws, at, ['labels', 'securityGroupsIds', 'securityGroupsNames', 'region']);
  const labels = reading.own(group, 'labels');
  const texts = labels === undefined ? {} : reading.reader.object(labels, `${at}.labels`);
  const region = reading.text(group, 'region', at);
  const lists = ['securityGroupsIds', 'securityGroupsNames'].flatMap(key => {
    const list = reading.own(group, key);
    return list === undefined ? [] : [[key, reading.reader.strings(list, `${at}.${key}`)] as const];
  });
  return {
    ref: 'cloudGroup',
    value: {
      aws: {
        ...(labels === undefined ? {} : { labels: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, reading.reader.string(text, `${at}.labels[${key}]`)])) }),
        ...Object.fromEntries(lists),
        ...(region === undefined ? {} : { region }),
      },
    },
  };
}

export function writeCloudGroup({ value }: Reference, statement: string): Json {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'aws')) { throw refuse('cilium', 'reference', statement, 'a group of a cloud that Cilium does not know'); }
  return value as Json;
}
