import { MESH_LAYER } from '../../model/policy-set';
import { DialectModule } from '../dialect';
import { ISTIO_FIELDS } from './fields';
import { lowerIstio } from './lower';
import { PEER_AUTHENTICATION, readPeerAuthentications } from './peer-authentication';
import { API_VERSIONS, readIstio } from './read';
import { AUTHORIZATION_POLICY, writeIstio } from './write';

export { AUTHORIZATION_POLICY } from './write';
export { lowerIstio } from './lower';
export { DRY_RUN, readIstio } from './read';
export { writeIstio } from './write';
export type { IstioMesh } from './mesh';

/** security.istio.io/v1 AuthorizationPolicy: the second layer, of a mesh. */
export const istio: DialectModule = {
  id: 'istio',
  fields: ISTIO_FIELDS,
  kinds: [
    ...API_VERSIONS.map(apiVersion => ({ apiVersion, kind: 'AuthorizationPolicy', role: 'policy' as const })),
    ...PEER_AUTHENTICATION.map(kind => ({ ...kind, role: 'support' as const })),
    // Who sends no token passes it; what it refuses depends on tokens.
    ...API_VERSIONS.map(apiVersion => ({ apiVersion, kind: 'RequestAuthentication', role: 'other' as const })),
  ],
  kindOf: () => AUTHORIZATION_POLICY,
  lower: (policies, target) => lowerIstio(policies, target),
  write: policies => writeIstio(policies),
  read: (document, at, version) => readIstio(document, at, version),
  link: (policies, documents) => ({ pipeline: [MESH_LAYER], policies: [...policies, ...readPeerAuthentications(documents)] }),
};
