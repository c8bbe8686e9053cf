import { Known } from './known';
import { backendsOf } from './service-backends';
import { preview } from '../../dialects/preview';
import type { Analysis } from '../analysis';
import { nearServices } from '../contract/near';
import type { FoundParty } from '../find-party';
import { fqdnParty } from '../world/external-parties';
import { Service, ServicePort } from '../world/world';

/** `svc/name`, `svc/namespace/name`, with `:port` or without. */
const WRITTEN = /^(?:svc|service|services)\/(?:([^/:]+)\/)?([^/:]+)(?::([^/:]+))?$/;
/** As a pod writes it. */
const AS_NAME = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.cluster\.local)?\.?(?::([^/:]+))?$/;

export function isService(text: string): boolean {
  return /^(svc|service|services)\//.test(text) || AS_NAME.test(text);
}

/** @throws when there is no such Service or port */
export function findService(analysis: Analysis, text: string): FoundParty {
  const known = Known.of(analysis);
  const asName = AS_NAME.exec(text);
  const found = asName ? [asName[0], asName[2], asName[1], asName[3]] : WRITTEN.exec(text);
  if (!found) { throw new Error(`${preview(text)} is no Service; write svc/NAMESPACE/NAME:PORT, such as svc/shop/web:80`); }
  const [, namespace, name, port] = found;
  return serviceParty(analysis, serviceOf(known, namespace, name, analysis), text, port);
}

export function serviceParty(analysis: Analysis, service: Service, text: string, port?: string): FoundParty {
  const known = Known.of(analysis);
  const place = `${service.namespace}/${service.name}`;
  const notes = notesOf(analysis, service, place);
  if (service.externalName !== undefined) {
    return { text, parties: [fqdnParty(service.externalName)], service, notes: [`Service ${place} is another name of ${service.externalName}`, ...notes] };
  }
  const asked = port === undefined ? service.ports : [portOf(service, port, place)];
  const ports = backendsOf(service, asked, known);
  const parties = [...new Set(ports.map(mapping => mapping.party))];
  if (parties.length === 0) { notes.push(emptyNote(service, place)); }
  for (const { party, port: own, targetName, target } of ports) {
    if (target === undefined) { notes.push(`no container of ${party.text} has a port named ${targetName}, which port ${own} of Service ${place} stands for: nothing answers there`); }
  }
  return { text, parties, service, ports, notes };
}

function serviceOf(known: Known, namespace: string | undefined, name: string, analysis: Analysis): Service {
  if (namespace !== undefined) {
    const found = known.services.get(`${namespace}/${name}`);
    if (found) { return found; }
  } else {
    const found = known.servicesCalled(name);
    if (found.length === 1) { return found[0]; }
    if (found.length > 1) {
      throw new Error(`there are several Services ${preview(name)}; write one of ${found.slice(0, 5).map(each => `svc/${each.namespace}/${each.name}`).join(', ')}`);
    }
  }
  const others = known.servicesCalled(name).slice(0, 3).map(each => `svc/${each.namespace}/${each.name}`);
  throw new Error(`there is no Service ${preview(namespace === undefined ? name : `${namespace}/${name}`)}`
    + (others.length > 0 ? `; did you mean ${others.join(' or ')}?` : nearServices(analysis, name)));
}

function portOf({ ports }: Service, text: string, place: string): ServicePort {
  const number = Number(text);
  const found = ports.find(({ name, port }) => name === text || port === number);
  if (found) { return found; }
  const target = ports.find(({ target: own, nodePort }) => own === number || own === text || nodePort === number);
  const all = ports.map(({ name, port }) => (name === undefined ? `${port}` : `${port} (${name})`)).join(', ');
  throw new Error(`Service ${place} has no port ${preview(text)}; it has ${all || 'none'}${target ? `: ${text} is what is behind its port ${target.port}` : ''}`);
}

function emptyNote({ selector, endpoints }: Service, place: string): string {
  if (selector) { return `Service ${place} selects no pods (${Object.entries(selector).map(([key, value]) => `${key}=${value}`).join(',')}): nothing answers there`; }
  return endpoints ? `Service ${place} has no endpoint of such a port` : `Service ${place} selects no pods itself, and the documents have no endpoints of it`;
}

function notesOf({ world }: Analysis, { namespace, name, headless }: Service, place: string): string[] {
  const redirects = world.redirects.filter(redirect => redirect.namespace === namespace && redirect.service === name);
  return [
    ...(headless ? [`Service ${place} is headless: its name stands for the addresses of its pods, and ports are not mapped`] : []),
    ...redirects.map(redirect => `${redirect.at}: CiliumLocalRedirectPolicy ${redirect.namespace}/${redirect.name} sends what goes to Service ${place} to pods of the own node`),
  ];
}
