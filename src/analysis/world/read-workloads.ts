import { Draft } from './draft';
import { copied } from './interner';
import { OwnerName } from './pod-drafts';
import { readTemplate } from './read-template';
import { checkAddress, itemsAt, objectAt, own, specOf, textAt, WorldObject } from './world-object';
import { Fields } from '../../dialects/document-reader';

/** Pods, and what makes pods by a template. */

const FINISHED: readonly unknown[] = ['Succeeded', 'Failed'];

export function readPod(object: WorldObject, draft: Draft): void {
  const { reader, fields, namespace, name, at } = object;
  const { interner } = draft;
  const status = objectAt(reader, fields, 'status', 'status');
  const node = textAt(reader, specOf(object), 'nodeName', 'spec');
  const owner = controllerOf(object, draft);
  draft.pods.addPod({
    namespace,
    name,
    template: readTemplate(reader, fields, '', interner),
    addresses: podAddresses(object, status),
    finished: FINISHED.includes(own(status, 'phase')),
    at,
    owner,
    node: node ? interner.text(node) : undefined,
  });
}

const NO_ADDRESSES: readonly string[] = Object.freeze([]);

function podAddresses({ reader }: WorldObject, status: Fields): readonly string[] {
  const listed = itemsAt(reader, status, 'podIPs', 'status.podIPs').map(([each, at]) => copied(checkAddress(reader, reader.own(each, 'ip'), `${at}.ip`)));
  if (listed.length > 0) { return listed; }
  const single = reader.own(status, 'podIP');
  // Of a pod that was just made it is empty.
  return single === undefined || single === '' ? NO_ADDRESSES : [copied(checkAddress(reader, single, 'status.podIP'))];
}

/** The owner that controls it; where none says so of itself, the only one. */
export function controllerOf({ reader, metadata }: WorldObject, { interner }: Draft): OwnerName | undefined {
  const owners = itemsAt(reader, metadata, 'ownerReferences', 'metadata.ownerReferences');
  const found = owners.find(([owner]) => own(owner, 'controller') === true) ?? (owners.length === 1 ? owners[0] : undefined);
  if (!found) { return undefined; }
  const [owner, at] = found;
  return { kind: interner.text(textAt(reader, owner, 'kind', at) || 'Pod'), name: interner.text(reader.string(reader.own(owner, 'name'), `${at}.name`)) };
}

/** Where kinds keep the template of their pods. */
const TEMPLATES: readonly (readonly string[])[] = [
  ['spec', 'template'], ['spec', 'jobTemplate', 'spec', 'template'], ['spec', 'jobTargetRef', 'template'],
];

/** Where the object has the template of pods; undefined where it has none. A PodTemplate makes no pods by itself. */
export function templatePath(value: unknown): readonly string[] | undefined {
  if (own(value, 'kind') === 'PodTemplate') { return undefined; }
  return TEMPLATES.find(path => Array.isArray(own(own(path.reduce(own, value), 'spec'), 'containers')));
}

export function readController(object: WorldObject, draft: Draft): void {
  const { reader, fields, kind, namespace, name, at } = object;
  const path = kind === 'CronJob' ? TEMPLATES[1] : templatePath(fields) ?? TEMPLATES[0];
  const template = path.reduce<Fields>((inner, key, i) => reader.object(reader.own(inner, key), path.slice(0, i + 1).join('.')), fields);
  const owner = controllerOf(object, draft);
  draft.pods.addController({
    namespace,
    name,
    kind: draft.interner.text(kind),
    template: readTemplate(reader, template, path.join('.'), draft.interner),
    empty: own(own(fields, 'spec'), 'replicas') === 0,
    at,
    ...(owner ? { owner } : {}),
  });
}
