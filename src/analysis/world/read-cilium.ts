import { Draft } from './draft';
import { readProtocol } from './read-template';
import { checkAddress, itemsAt, objectAt, own, specOf, textAt, WorldObject } from './world-object';

/** What Cilium keeps beside its policies. */

const ACCOUNT = 'k8s:io.cilium.k8s.policy.serviceaccount=';
/** What Cilium makes up itself, or keeps of the namespace. */
const OWN_KEYS: readonly string[] = ['io.cilium.', 'io.kubernetes.pod.namespace'];

/** An endpoint has the name of its pod. Its labels are those that policies can see. */
export function readCiliumEndpoint({ reader, fields, namespace, name, at }: WorldObject, { pods, interner }: Draft): void {
  const status = objectAt(reader, fields, 'status', 'status');
  const networking = objectAt(reader, status, 'networking', 'status.networking');
  const identity = objectAt(reader, status, 'identity', 'status.identity');
  const texts = reader.strings(reader.own(identity, 'labels') ?? [], 'status.identity.labels');
  const labels = texts.flatMap(text => {
    const found = /^k8s:([^=]+)=(.*)$/s.exec(text);
    return found && !OWN_KEYS.some(prefix => found[1].startsWith(prefix)) ? [[found[1], found[2]] as const] : [];
  });
  pods.addFacts(namespace, name, {
    template: {
      labels: interner.labels(Object.fromEntries(labels)),
      serviceAccount: texts.find(text => text.startsWith(ACCOUNT))?.slice(ACCOUNT.length) ?? 'default',
      ports: interner.ports(itemsAt(reader, status, 'named-ports', 'status.named-ports').map(([port, path]) => interner.port(
        reader.string(reader.own(port, 'name'), `${path}.name`),
        reader.integer(reader.own(port, 'port'), `${path}.port`, 1, 65535),
        readProtocol(reader, port, path),
        undefined,
      ))),
      hostNetwork: false,
    },
    addresses: itemsAt(reader, networking, 'addressing', 'status.networking.addressing').flatMap(([pair, path]) =>
      ['ipv4', 'ipv6'].filter(key => own(pair, key)).map(key => checkAddress(reader, own(pair, key), `${path}.${key}`))),
    node: undefined,
    at,
  });
}

export function readLocalRedirectPolicy(object: WorldObject, { redirects }: Draft): void {
  const { reader, namespace, name, at } = object;
  const frontend = objectAt(reader, specOf(object), 'redirectFrontend', 'spec.redirectFrontend');
  const service = objectAt(reader, frontend, 'serviceMatcher', 'spec.redirectFrontend.serviceMatcher');
  const matcher = objectAt(reader, frontend, 'addressMatcher', 'spec.redirectFrontend.addressMatcher');
  const serviceName = textAt(reader, service, 'serviceName', 'spec.redirectFrontend.serviceMatcher');
  const ip = textAt(reader, matcher, 'ip', 'spec.redirectFrontend.addressMatcher');
  redirects.push({
    namespace: textAt(reader, service, 'namespace', 'spec.redirectFrontend.serviceMatcher') || namespace,
    name,
    ...(serviceName ? { service: serviceName } : {}),
    ...(ip ? { address: ip } : {}),
    at,
  });
}
