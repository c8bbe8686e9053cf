import { PROFILE_ALLOWING_ALL } from './profiles';
import { HostEndpoint, World } from './world';
import { Endpoint } from '../../model/match';

/** A host endpoint to the selectors of policies: it has the labels that its profiles give it, which its own ones override. */
export function asEndpoint({ labels, ports, profiles }: HostEndpoint, world: World): Endpoint {
  const given = profiles.filter(name => name !== PROFILE_ALLOWING_ALL).map(name => world.profiles.get(name));
  return {
    kind: 'hostEndpoint',
    labels: Object.assign({}, ...given.map(profile => profile?.labels), labels) as Readonly<Record<string, string>>,
    ...(given.some(profile => profile === undefined) ? { openLabels: ['hostEndpoint'] } : {}),
    ports,
  };
}
