/** The fields of policy.networking.k8s.io: ClusterNetworkPolicy v1alpha2, AdminNetworkPolicy and BaselineAdminNetworkPolicy v1alpha1. */
import { CIDR, documentFields, LABEL_SELECTOR } from '../common-fields';
import type { FieldTree, FieldTrees, IntegerField, StringField } from '../field-tree';
import { ADMIN_V1ALPHA1, BASELINE_V1ALPHA1, Form, LONGEST_NAME, LONGEST_NETWORK, MOST_ITEMS, MOST_PRIORITY, PeerField, V1ALPHA2 } from './kinds';

/** The API server's own pattern has a slip, `A-z`, which lets in brackets; no host has such a name. */
export const DOMAIN_NAME = /^(\*\.)?([a-zA-Z0-9_]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9_]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$/;

/** Names of Services and pods: the API wants those of headless Services matched and those of others not, and no CNI is tested for it. */
export const isInsideName = (name: string): boolean => /\.(svc|pod)(\.|$)|\.cluster\.local\.?$/i.test(name);

/**
 * Fields that only the experimental channel of the CRDs has, as paths of a document. An API server with the standard channel drops them, and
 * then refuses the empty peer or port that is left.
 */
export const EXPERIMENTAL_FIELDS: Readonly<Record<string, readonly string[]>> = {
  [V1ALPHA2.kind]: ['spec.egress[].to[].nodes', 'spec.egress[].to[].domainNames'],
  [ADMIN_V1ALPHA1.kind]: [
    'spec.egress[].to[].nodes', 'spec.egress[].to[].domainNames', 'spec.ingress[].ports[].namedPort', 'spec.egress[].ports[].namedPort',
  ],
  [BASELINE_V1ALPHA1.kind]: ['spec.egress[].to[].nodes', 'spec.ingress[].ports[].namedPort', 'spec.egress[].ports[].namedPort'],
};

const PORT: IntegerField = { type: 'integer', min: 1, max: 65535 };

const PORT_NAME: StringField = {
  type: 'string',
  pattern: /^(?!.*--)(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  hint: 'a port name (lower case, with a letter)',
  maxLength: 15,
};

const DESTINATION_PORT: FieldTree = {
  type: 'object',
  fields: { number: PORT, range: { type: 'object', fields: { start: PORT, end: PORT }, required: ['start', 'end'] } },
  exactlyOneOf: ['number', 'range'],
};

/** An empty object would be every port of the protocol, but the API server refuses it. */
const OF_PROTOCOL: FieldTree = { type: 'object', fields: { destinationPort: DESTINATION_PORT }, required: ['destinationPort'] };

const PROTOCOL: FieldTree = {
  type: 'object',
  fields: { tcp: OF_PROTOCOL, udp: OF_PROTOCOL, sctp: OF_PROTOCOL, destinationNamedPort: PORT_NAME },
  exactlyOneOf: ['tcp', 'udp', 'sctp', 'destinationNamedPort'],
};

const PROTOCOL_NAME: StringField = { type: 'string', enum: ['TCP', 'UDP', 'SCTP'] };

const V1ALPHA1_PORT: FieldTree = {
  type: 'object',
  fields: {
    portNumber: { type: 'object', fields: { protocol: PROTOCOL_NAME, port: PORT }, required: ['port'] },
    portRange: { type: 'object', fields: { protocol: PROTOCOL_NAME, start: PORT, end: PORT }, required: ['start', 'end'] },
    namedPort: PORT_NAME,
  },
  exactlyOneOf: ['portNumber', 'portRange', 'namedPort'],
};

function peerFields({ version }: Form): Readonly<Record<PeerField, FieldTree>> {
  return {
    namespaces: LABEL_SELECTOR,
    pods: {
      type: 'object',
      fields: { namespaceSelector: LABEL_SELECTOR, podSelector: LABEL_SELECTOR },
      required: version === 'v1alpha2' ? ['podSelector'] : ['namespaceSelector', 'podSelector'],
    },
    networks: { type: 'array', of: { ...CIDR, maxLength: LONGEST_NETWORK }, minItems: 1, maxItems: MOST_ITEMS, unique: true },
    nodes: LABEL_SELECTOR,
    domainNames: {
      type: 'array',
      of: { type: 'string', pattern: DOMAIN_NAME, hint: 'a domain name, whose only wildcard is a leading "*."' },
      minItems: 1,
      maxItems: MOST_ITEMS,
      unique: true,
    },
  };
}

const listOf = (of: FieldTree, { most }: Form): FieldTree => ({ type: 'array', of, minItems: 1, maxItems: most });

const pick = (trees: FieldTrees, names: readonly string[]): FieldTrees => Object.fromEntries(names.map(name => [name, trees[name]]));

function specOf(form: Form): FieldTrees {
  const peers = peerFields(form);
  const oneOf = (names: readonly PeerField[]): FieldTree => ({ type: 'object', fields: pick(peers, names), exactlyOneOf: names });
  const rules = (side: 'from' | 'to', names: readonly PeerField[]): FieldTree => ({
    type: 'array',
    maxItems: form.most,
    of: {
      type: 'object',
      fields: {
        name: { type: 'string', maxLength: LONGEST_NAME },
        action: { type: 'string', enum: Object.values(form.actions) },
        [side]: listOf(oneOf(names), form),
        [form.traffic]: listOf(form.version === 'v1alpha2' ? PROTOCOL : V1ALPHA1_PORT, form),
      },
      required: ['action', side],
    },
  });
  return {
    subject: oneOf(['namespaces', 'pods']),
    ingress: rules('from', form.peers.ingress),
    egress: rules('to', form.peers.egress),
  };
}

const PRIORITY: IntegerField = { type: 'integer', min: 0, max: MOST_PRIORITY };

function kindOf(form: Form, own: FieldTrees, name?: StringField): FieldTree {
  return documentFields({
    apiVersion: form.apiVersion,
    kind: form.kind,
    namespaced: false,
    ...(name ? { name } : {}),
    body: { spec: { type: 'object', fields: { ...own, ...specOf(form) }, required: [...Object.keys(own), 'subject'] } },
    required: ['spec'],
  });
}

/** By kind. */
export const CLUSTER_NETWORK_POLICY_FIELDS: FieldTrees = {
  [V1ALPHA2.kind]: kindOf(V1ALPHA2, { tier: { type: 'string', enum: ['Admin', 'Baseline'] }, priority: PRIORITY }),
  [ADMIN_V1ALPHA1.kind]: kindOf(ADMIN_V1ALPHA1, { priority: PRIORITY }),
  [BASELINE_V1ALPHA1.kind]: kindOf(BASELINE_V1ALPHA1, {}, { type: 'string', enum: [BASELINE_V1ALPHA1.onlyName!] }),
};
