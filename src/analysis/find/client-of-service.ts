import type { Analysis } from '../analysis';
import { Party, Variant } from '../party';
import { someNode } from '../world/node-variants';
import { isExternal } from '../world/read-services';
import { Service } from '../world/world';

/** Whom the backends of a Service see in place of a client, with what there is to know about it. */
export interface SeenClient {
  readonly party: Party;
  readonly remarks: readonly string[];
}

/**
 * On the way from outside through a Service the address of a client may become that of a node, and a rule about addresses then does not see
 * the client. Where both would be treated alike that does not matter; else the answer is unknown.
 */
export function seenClient({ world, cluster }: Analysis, client: Party, service: Service | undefined): SeenClient {
  if (service === undefined || !client.variants.some(isExternalVariant)) { return { party: client, remarks: [] }; }
  if (!isExternal(service)) { return { party: client, remarks: [`Service ${service.namespace}/${service.name} is of type ${service.type}: from outside it is reached through an Ingress, a route or a proxy only, if at all`] }; }
  if (service.externalTrafficPolicy === 'Local') { return { party: client, remarks: [keptRemark(service)] }; }
  return { party: { ...client, variants: [...client.variants, ...someNode(world, cluster)] }, remarks: [replacedRemark(service)] };
}

/** Why nothing outside gets to the Service by itself, as a sentence; undefined where something may. */
export function unreachable({ namespace, name, type, headless, externalName }: Service): string | undefined {
  if (isExternal({ type }) || externalName !== undefined) { return undefined; }
  return `Service ${namespace}/${name} is ${headless ? 'headless' : `of type ${type}`}: from outside the cluster nothing reaches it by itself; `
    + 'ask from {ingress-controller} or the workload of the proxy or gateway that leads to it, or name its pods in place of the Service';
}

export const isOutside = ({ variants }: Party): boolean => variants.length > 0 && variants.every(isExternalVariant);

const isExternalVariant = ({ kind }: Variant): boolean => kind === 'external';

/** What becomes of the addresses of clients outside. */
export const clientRemark = (service: Service): string => (service.externalTrafficPolicy === 'Local' ? keptRemark(service) : replacedRemark(service));

const nameOf = ({ type, namespace, name }: Service): string => `${type} Service ${namespace}/${name}`;

const replacedRemark = (service: Service): string =>
  `${nameOf(service)} has externalTrafficPolicy Cluster: on the way the address of a client outside becomes that of a node, unless the mode of the proxy or the CNI keeps it, `
  + 'so that a rule about addresses of clients may match nothing; state externalTrafficPolicy: Local to keep it';

const keptRemark = (service: Service): string =>
  `${nameOf(service)} has externalTrafficPolicy Local, which keeps the address of a client outside, unless a load balancer before it is a proxy`;
