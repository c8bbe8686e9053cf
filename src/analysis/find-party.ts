import type { Analysis } from './analysis';
import { near } from './contract/near';
import { findAddress, isAddressText } from './find/find-address';
import { findService, isService, serviceParty } from './find/find-service';
import { ingressControllers } from './find/ingress-controllers';
import { internet } from './find/internet';
import { Known } from './find/known';
import { PortMapping } from './find/service-backends';
import { INGRESS_CONTROLLER, Party, Traffic } from './party';
import { landmarksCalled } from './reach/landmarks';
import { fqdnParty } from './world/external-parties';
import { variantsOfNode } from './world/node-variants';
import { Service } from './world/world';
import { preview } from '../dialects/preview';
import { fqdnProblem } from '../model/fqdn';
import { PROTOCOL_NUMBERS } from '../model/traffic';

export type { PortMapping } from './find/service-backends';
export { isOutside, seenClient, unreachable } from './find/client-of-service';
export { remarks } from './find/remarks';

/** What somebody's text for an end of a question stands for. */
export interface FoundParty {
  readonly text: string;
  /** Several for a Service with several backends; none where nothing answers. */
  readonly parties: readonly Party[];
  readonly service?: Service;
  /** What the ports of the Service are at its backends. Absent: ports are as asked. */
  readonly ports?: readonly PortMapping[];
  /** What was found out on the way, as sentences. */
  readonly notes: readonly string[];
}

/**
 * The end that a text stands for: `ns/workload`, `ns/workload[Kind]`, a name that is in the namespace `default` or unique, the name of a pod,
 * `svc/ns/name:port`, `node/name`, an address, a range, a DNS name, `internet`,
 * `{ingress-controller}`, `{cluster DNS}` or `{API server}`.
 * @throws when there is none, or several; the message says which there are
 */
export function findParty(analysis: Analysis, text: string): FoundParty {
  const asked = text.trim();
  if (asked === '') { throw new Error('an end of a question is empty; write a workload such as shop/web, a Service such as svc/shop/web:80, an address or a DNS name'); }
  if (asked === INGRESS_CONTROLLER) { return { text: asked, parties: ingressControllers(analysis), notes: [] }; }
  if (asked === 'internet') { return found(asked, internet(analysis)); }
  const landmarks = /\{.*\}$/.test(asked) ? landmarksCalled(analysis, asked) : [];
  if (landmarks.length > 0) { return { text: asked, parties: landmarks, notes: [] }; }
  if (isService(asked)) { return findService(analysis, asked); }
  if (asked.startsWith('node/')) { return findNode(analysis, asked); }
  if (isAddressText(asked)) { return findAddress(analysis, asked); }
  return findWorkload(analysis, asked) ?? findName(analysis, asked);
}

/** What travels to a party that was found, with the port that a Service's becomes there; none where nothing answers on the asked port. */
export function trafficTo({ ports }: FoundParty, party: Party, traffic: Traffic): Traffic[] {
  if (!ports) { return [traffic]; }
  return ports
    .filter(mapping => mapping.party === party && PROTOCOL_NUMBERS[mapping.protocol] === traffic.protocol)
    .filter(({ port }) => traffic.port === undefined || traffic.port === port)
    .flatMap(({ target }) => (target === undefined ? [] : [{ ...traffic, port: target }]));
}

const found = (text: string, party: Party, ...notes: string[]): FoundParty => ({ text, parties: [party], notes });

function findWorkload(analysis: Analysis, text: string): FoundParty | undefined {
  const parties = Known.of(analysis).workloads(text);
  if (parties.length === 0) { return undefined; }
  if (parties.length > 1) {
    const names = parties.slice(0, 5).map(party => party.text).join(', ');
    throw new Error(`${preview(text)} is not one workload, but ${parties.length}: ${names}${parties.length > 5 ? ' and more' : ''}; write one of these`);
  }
  const [party] = parties;
  const { name, pods } = party.workload!;
  const pod = text.slice(text.indexOf('/') + 1);
  return pods.includes(pod) && pod !== name ? found(text, party, `${pod} is a pod of ${party.text}`) : found(text, party);
}

function findNode(analysis: Analysis, text: string): FoundParty {
  const name = text.slice('node/'.length);
  const node = analysis.world.nodes.get(name);
  if (node) { return found(text, { text, variants: variantsOfNode(node, analysis.world, analysis.cluster) }); }
  const names = [...analysis.world.nodes.keys()].slice(0, 3);
  throw new Error(`there is no Node ${preview(name)} among the documents${names.length > 0 ? `; there are ${names.join(', ')}` : ', and none of another name'}`);
}

/** A name outside, or `service.namespace` as pods write it. */
function findName(analysis: Analysis, text: string): FoundParty {
  const [name, namespace, ...rest] = text.split('.');
  const own = rest.length === 0 ? Known.of(analysis).services.get(`${namespace}/${name}`) : undefined;
  if (own) { return serviceParty(analysis, own, text); }
  const service = Known.of(analysis).servicesCalled(text)[0] ?? Known.of(analysis).services.get(text);
  const hint = service ? `; there is a Service of that name: write svc/${service.namespace}/${service.name}` : near(analysis, text.slice(text.indexOf('/') + 1));
  if (text.includes('/') || fqdnProblem(text) !== undefined) { throw new Error(`there is no workload ${preview(text)}${hint}`); }
  return found(text, fqdnParty(text.toLowerCase().replace(/\.$/, '')));
}
