import { MESH_LAYER } from '../../model/policy-set';
import { DialectModule, ObjectKind } from '../dialect';
import { UnreadableDocument } from '../document-reader';

export const AUTHORIZATION_POLICY: ObjectKind = { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy' };

/** security.istio.io/v1 AuthorizationPolicy: the second layer, of a mesh. */
export const istio: DialectModule = {
  id: 'istio',
  fields: {},
  kinds: [{ ...AUTHORIZATION_POLICY, role: 'policy' }],
  kindOf: () => AUTHORIZATION_POLICY,
  lower: policies => ({ policies, wider: [] }),
  write: () => [],
  read: () => { throw new UnreadableDocument('document', 'not read yet'); },
  link: policies => ({ pipeline: [MESH_LAYER], policies }),
};
