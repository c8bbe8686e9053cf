import { Draft } from './draft';
import { itemsAt, objectAt, own, specOf, WorldObject } from './world-object';
import { DocumentReader, Fields } from '../../dialects/document-reader';

/** The Services that the API server calls: what it calls must be open to it, and it is outside or on a node. */

export function readWebhooks(object: WorldObject, draft: Draft): void {
  const { reader, fields } = object;
  for (const [webhook, path] of itemsAt(reader, fields, 'webhooks', 'webhooks')) {
    addCall(object, draft, objectAt(reader, webhook, 'clientConfig', `${path}.clientConfig`), `${path}.clientConfig`);
  }
}

export const readApiService = (object: WorldObject, draft: Draft): void => addCall(object, draft, specOf(object), 'spec');

function addCall({ reader, kind, name, at }: WorldObject, { calls }: Draft, fields: Fields, path: string): void {
  if (reader.own(fields, 'service') === undefined) { return; }
  const service = objectAt(reader, fields, 'service', `${path}.service`);
  const of = (key: string): string => reader.string(reader.own(service, key), `${path}.service.${key}`);
  calls.push({ text: `${kind} ${name}`, namespace: of('namespace'), service: of('name'), port: portOf(reader, own(service, 'port'), `${path}.service.port`), at });
}

const portOf = (reader: DocumentReader, value: unknown, path: string): number =>
  (value === undefined || value === null ? 443 : reader.integer(value, path, 1, 65535));
