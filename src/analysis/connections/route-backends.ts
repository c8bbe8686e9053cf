import { PortProtocol } from './connection-set';
import { Analysis } from '../analysis';
import { Known } from '../find/known';
import { backendsOf } from '../find/service-backends';
import { Party } from '../party';
import { Route, Service, ServicePort } from '../world/world';

/** A port of a workload to which a route leads. */
export interface RouteBackend {
  readonly party: Party;
  readonly protocol: PortProtocol;
  readonly port: number;
}

/** What an ingress controller sends requests to, by way of Services. */
export function routeBackendsOf(analysis: Analysis): RouteBackend[] {
  const known = Known.of(analysis);
  return analysis.world.routes.flatMap(route => {
    const service = known.services.get(`${route.namespace}/${route.service}`);
    return service ? backendsOf(service, portsOf(service, route), known).flatMap(({ party, protocol, target }): RouteBackend[] =>
      (target === undefined || !party.workload ? [] : [{ party, protocol, port: target }])) : [];
  });
}

function portsOf({ ports }: Service, { port, orTarget }: Route): readonly ServicePort[] {
  if (port === undefined) { return ports; }
  const found = ports.find(own => own.name === port || own.port === port || (orTarget && own.target === port));
  return found ? [found] : [];
}
