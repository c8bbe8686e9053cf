/**
 * The fields of Calico's policy kinds in projectcalico.org/v3, in 3.30 to 3.33: the fields are the same, most limits came with 3.33. Where
 * the CRD takes any string but Calico itself refuses the policy afterwards and runs without it (protocols, ports, nets), the tree is as
 * strict as Calico.
 */
import { CIDR, CIDR_PATTERN, DNS_LABEL, documentFields, IPV4_PATTERN, IPV6_PATTERN, STRING } from '../common-fields';
import type { ArrayField, FieldTree, FieldTrees, ObjectField, StringField } from '../field-tree';
import { NETWORK_POLICY_SPEC, POLICY_TYPE } from '../network-policy-fields';

const LIMITS = '3.33';
const UNLIMITED = { version: LIMITS, maxItems: undefined } as const;
const UNLIMITED_HTTP = { version: '3.32', maxItems: undefined } as const;

const SELECTOR: StringField = { type: 'string', maxLength: 1024, before: { version: LIMITS, maxLength: undefined } };
const BOOLEAN: FieldTree = { type: 'boolean' };
const OBJECT_NAME: StringField = { type: 'string', maxLength: 253 };

const NETS: ArrayField = { type: 'array', of: CIDR, maxItems: 256, unique: true, before: UNLIMITED };
const NOT_NETS: ArrayField = { ...NETS, before: { ...UNLIMITED, unique: undefined } };

const PORTS: FieldTree = {
  type: 'array',
  of: {
    type: 'intOrString',
    min: 1,
    max: 65535,
    pattern: /^(?:[0-9]{1,5}:[0-9]{1,5}|[a-zA-Z0-9_.-]{1,128})$/,
    hint: 'a port, a range such as 8000:8080, or a port name',
  },
  maxItems: 50,
  before: UNLIMITED,
};

const PROTOCOL: FieldTree = { type: 'intOrString', min: 1, max: 255, enum: ['TCP', 'UDP', 'ICMP', 'ICMPv6', 'SCTP', 'UDPLite'] };

const ICMP: FieldTree = {
  type: 'object',
  fields: { type: { type: 'integer', min: 0, max: 254 }, code: { type: 'integer', min: 0, max: 255 } },
};

const ENTITY_RULE: ObjectField = {
  type: 'object',
  fields: {
    nets: NETS,
    notNets: NOT_NETS,
    selector: SELECTOR,
    notSelector: SELECTOR,
    namespaceSelector: SELECTOR,
    ports: PORTS,
    notPorts: PORTS,
    serviceAccounts: { type: 'object', fields: { names: { type: 'array', of: STRING, unique: true }, selector: STRING } },
    services: { type: 'object', fields: { name: { ...OBJECT_NAME, minLength: 1 }, namespace: OBJECT_NAME }, required: ['name'] },
  },
};

const HTTP_PATH: StringField = {
  type: 'string',
  pattern: /^\/[^?# ]*$/,
  hint: 'a path that starts with / and holds no ?, # or space',
  maxLength: 1024,
};

const RULE: ObjectField = {
  type: 'object',
  fields: {
    action: { type: 'string', enum: ['Allow', 'Deny', 'Log', 'Pass'] },
    ipVersion: { type: 'integer', enum: [4, 6] },
    protocol: PROTOCOL,
    notProtocol: PROTOCOL,
    icmp: ICMP,
    notICMP: ICMP,
    source: ENTITY_RULE,
    destination: ENTITY_RULE,
    http: {
      type: 'object',
      fields: {
        methods: { type: 'array', of: STRING, maxItems: 20, before: UNLIMITED_HTTP },
        paths: {
          type: 'array',
          of: { type: 'object', fields: { exact: HTTP_PATH, prefix: HTTP_PATH }, exactlyOneOf: ['exact', 'prefix'] },
          maxItems: 20,
          before: UNLIMITED_HTTP,
        },
      },
    },
    metadata: { type: 'object', fields: { annotations: { type: 'map', of: STRING } } },
  },
  required: ['action'],
};

const RULES: FieldTree = { type: 'array', of: RULE, maxItems: 1024, before: UNLIMITED };

const POLICY_SPEC = {
  tier: STRING,
  order: { type: 'number' },
  selector: SELECTOR,
  serviceAccountSelector: SELECTOR,
  types: { type: 'array', of: POLICY_TYPE, minItems: 1, maxItems: 2, unique: true },
  ingress: RULES,
  egress: RULES,
  performanceHints: {
    type: 'array',
    of: { type: 'string', enum: ['AssumeNeededOnEveryNode'] },
    unique: true,
    before: { version: LIMITS, unique: undefined },
  },
} as const satisfies FieldTrees;

const GLOBAL_POLICY_SPEC = {
  ...POLICY_SPEC,
  namespaceSelector: SELECTOR,
  doNotTrack: BOOLEAN,
  preDNAT: BOOLEAN,
  applyOnForward: BOOLEAN,
} as const satisfies FieldTrees;

const STAGED = { stagedAction: { type: 'string', enum: ['Set', 'Delete', 'Learn', 'Ignore'] } } as const satisfies FieldTrees;

// Unlike those of a rule, the nets of a set may be bare addresses.
const NETWORK_SET_SPEC = {
  nets: {
    type: 'array',
    of: {
      type: 'string',
      pattern: new RegExp(`^(?:${CIDR_PATTERN}|${IPV4_PATTERN}|${IPV6_PATTERN})$`),
      hint: 'a CIDR such as 10.0.0.0/8, or an address',
      maxLength: 64,
    },
    unique: true,
  },
} as const satisfies FieldTrees;

function document(kind: string, namespaced: boolean, spec: FieldTrees, name?: StringField): FieldTree {
  return documentFields({
    apiVersion: 'projectcalico.org/v3',
    kind,
    namespaced,
    body: { spec: { type: 'object', fields: spec } },
    required: ['spec'],
    ...(name ? { name } : {}),
  });
}

/** By kind, of projectcalico.org/v3. */
export const CALICO_FIELDS: FieldTrees = {
  NetworkPolicy: document('NetworkPolicy', true, POLICY_SPEC),
  GlobalNetworkPolicy: document('GlobalNetworkPolicy', false, GLOBAL_POLICY_SPEC),
  StagedNetworkPolicy: document('StagedNetworkPolicy', true, { ...STAGED, ...POLICY_SPEC }),
  StagedGlobalNetworkPolicy: document('StagedGlobalNetworkPolicy', false, { ...STAGED, ...GLOBAL_POLICY_SPEC }),
  StagedKubernetesNetworkPolicy: document('StagedKubernetesNetworkPolicy', true, {
    ...STAGED,
    ...NETWORK_POLICY_SPEC,
    policyTypes: POLICY_SPEC.types,
  }),
  Tier: document('Tier', false, { order: { type: 'number' }, defaultAction: { type: 'string', enum: ['Deny', 'Pass'] } }, DNS_LABEL),
  NetworkSet: document('NetworkSet', true, NETWORK_SET_SPEC),
  GlobalNetworkSet: document('GlobalNetworkSet', false, NETWORK_SET_SPEC),
};
