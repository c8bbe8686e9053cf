import { CIDR, CIDRS, LABEL_SELECTOR } from './common-fields';
import type { ObjectKind } from './dialect';
import type { FieldTree, FieldTrees, IntegerField, StringField } from './field-tree';

/** The spec of networking.k8s.io/v1 NetworkPolicy, which Calico's StagedKubernetesNetworkPolicy has too. */

export const NETWORK_POLICY: ObjectKind = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };

const PORT_NUMBER: IntegerField = { type: 'integer', min: 1, max: 65535 };

const PORTS: FieldTree = {
  type: 'array',
  of: {
    type: 'object',
    fields: {
      protocol: { type: 'string', enum: ['TCP', 'UDP', 'SCTP'] },
      port: {
        type: 'intOrString',
        min: 1,
        max: 65535,
        pattern: /^(?!.*--)(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
        hint: 'a port number or a port name (lower case, with a letter)',
        maxLength: 15,
      },
      endPort: PORT_NUMBER,
    },
  },
};

const PEERS: FieldTree = {
  type: 'array',
  of: {
    type: 'object',
    fields: {
      podSelector: LABEL_SELECTOR,
      namespaceSelector: LABEL_SELECTOR,
      ipBlock: { type: 'object', fields: { cidr: CIDR, except: CIDRS }, required: ['cidr'] },
    },
    atLeastOneOf: ['podSelector', 'namespaceSelector', 'ipBlock'],
    alone: ['ipBlock'],
  },
};

export const POLICY_TYPE: StringField = { type: 'string', enum: ['Ingress', 'Egress'] };

export const NETWORK_POLICY_SPEC = {
  podSelector: LABEL_SELECTOR,
  policyTypes: { type: 'array', of: POLICY_TYPE, maxItems: 2 },
  ingress: { type: 'array', of: { type: 'object', fields: { from: PEERS, ports: PORTS } } },
  egress: { type: 'array', of: { type: 'object', fields: { to: PEERS, ports: PORTS } } },
} as const satisfies FieldTrees;
