/**
 * The fields of Cilium's policy kinds in 1.18 to 1.20, with what each version has and has not. Where the CRD lets through what the agent
 * refuses afterwards (ports, deny rules with more than 40 ports), the tree is as strict as the agent.
 */
import { ADDRESS, CIDR, CIDRS, DNS_SUBDOMAIN, documentFields, IPV4_PATTERN, LABEL_SELECTOR, STRING } from '../common-fields';
import type { FieldTree, FieldTrees, ObjectField, StringField } from '../field-tree';

const STRINGS: FieldTree = { type: 'array', of: STRING };
const NOT_EMPTY: StringField = { type: 'string', minLength: 1 };
const SELECTORS: FieldTree = { type: 'array', of: LABEL_SELECTOR };

const ENTITIES: FieldTree = {
  type: 'array',
  of: {
    type: 'string',
    enum: [
      'all', 'world', 'cluster', 'cluster-mesh', 'host', 'init', 'ingress', 'unmanaged', 'remote-node', 'health', 'none', 'kube-apiserver',
    ],
    enumVersions: { 'cluster-mesh': { since: '1.20' } },
  },
};

const CIDR_SET: FieldTree = {
  type: 'array',
  of: {
    type: 'object',
    fields: { cidr: CIDR, cidrGroupRef: DNS_SUBDOMAIN, cidrGroupSelector: LABEL_SELECTOR, except: CIDRS },
    exactlyOneOf: ['cidr', 'cidrGroupRef', 'cidrGroupSelector'],
  },
};

const GROUPS: FieldTree = {
  type: 'array',
  of: {
    type: 'object',
    fields: {
      aws: {
        type: 'object',
        fields: { labels: { type: 'map', of: STRING }, securityGroupsIds: STRINGS, securityGroupsNames: STRINGS, region: STRING },
      },
    },
  },
};

const SERVICES: FieldTree = {
  type: 'array',
  of: {
    type: 'object',
    fields: {
      k8sService: { type: 'object', fields: { serviceName: STRING, namespace: STRING } },
      k8sServiceSelector: { type: 'object', fields: { selector: LABEL_SELECTOR, namespace: STRING }, required: ['selector'] },
    },
  },
};

// The CRD spells these two as `([chars]+[.]?)+`, the same language, which a backtracking engine needs exponential time to refuse.
const MATCH_NAME: StringField = {
  type: 'string',
  pattern: /^[-a-zA-Z0-9_]+(\.[-a-zA-Z0-9_]+)*\.?$/,
  hint: 'a domain name',
  maxLength: 255,
};
const MATCH_PATTERN: StringField = {
  type: 'string',
  pattern: /^[-a-zA-Z0-9_*]+(\.[-a-zA-Z0-9_*]+)*\.?$/,
  hint: 'a domain name, in which * may stand',
  maxLength: 255,
};

const FQDNS: FieldTree = {
  type: 'array',
  of: {
    type: 'object',
    fields: { matchName: MATCH_NAME, matchPattern: MATCH_PATTERN },
    exactlyOneOf: ['matchName', 'matchPattern'],
  },
};

// Those that both the CRD and the agent take: the CRD misspells ExtendedEchoReply, which is left to its number.
const ICMP_NAMES = [
  'EchoReply', 'DestinationUnreachable', 'Redirect', 'Echo', 'EchoRequest', 'RouterAdvertisement', 'RouterSelection',
  'TimeExceeded', 'ParameterProblem', 'Timestamp', 'TimestampReply', 'Photuris', 'ExtendedEchoRequest',
  'PacketTooBig', 'MulticastListenerQuery', 'MulticastListenerReport', 'MulticastListenerDone', 'RouterSolicitation',
  'NeighborSolicitation', 'NeighborAdvertisement', 'RedirectMessage', 'RouterRenumbering', 'ICMPNodeInformationQuery',
  'ICMPNodeInformationResponse', 'InverseNeighborDiscoverySolicitation', 'InverseNeighborDiscoveryAdvertisement',
  'HomeAgentAddressDiscoveryRequest', 'HomeAgentAddressDiscoveryReply', 'MobilePrefixSolicitation',
  'MobilePrefixAdvertisement', 'DuplicateAddressRequestCodeSuffix', 'DuplicateAddressConfirmationCodeSuffix',
];
const ICMP_TYPE = new RegExp(`^(?:[0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]|${ICMP_NAMES.join('|')})$`);

const ICMPS: FieldTree = {
  type: 'array',
  of: {
    type: 'object',
    fields: {
      fields: {
        type: 'array',
        of: {
          type: 'object',
          fields: {
            type: {
              type: 'intOrString',
              min: 0,
              max: 255,
              pattern: ICMP_TYPE,
              hint: 'an ICMP type: a number from 0 to 255 or a name such as EchoRequest',
            },
            family: { type: 'string', enum: ['IPv4', 'IPv6'] },
          },
          required: ['type'],
        },
        maxItems: 40,
      },
    },
  },
};

const PORT_PROTOCOLS: FieldTree = {
  type: 'array',
  of: {
    type: 'object',
    fields: {
      // The pattern of the CRD has no end on its first half and lets 65536 or 80abc through, which the agent refuses.
      port: {
        type: 'string',
        pattern: new RegExp('^(?:0|[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]'
          + '|(?!.*--)(?=.*[a-zA-Z])[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$'),
        hint: 'a port from 0 to 65535 in quotes, or a port name',
        maxLength: 15,
      },
      endPort: { type: 'integer', min: 0, max: 65535 },
      protocol: {
        type: 'string',
        enum: ['TCP', 'UDP', 'SCTP', 'VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH', 'ANY'],
        enumVersions: {
          VRRP: { since: '1.19' },
          IGMP: { since: '1.19' },
          GRE: { since: '1.20' },
          IPIP: { since: '1.20' },
          IPV6: { since: '1.20' },
          ESP: { since: '1.20' },
          AH: { since: '1.20' },
        },
      },
    },
    before: { version: '1.19', required: ['port'] },
  },
  // In deny rules the CRD has no limit; the agent has this one everywhere.
  maxItems: 40,
};

const SECRET: FieldTree = { type: 'object', fields: { name: STRING, namespace: STRING }, required: ['name'] };

const TLS: FieldTree = {
  type: 'object',
  fields: { secret: SECRET, trustedCA: STRING, certificate: STRING, privateKey: STRING },
  required: ['secret'],
};

const HTTP: FieldTree = {
  type: 'array',
  of: {
    type: 'object',
    fields: {
      path: STRING,
      method: STRING,
      host: STRING,
      headers: STRINGS,
      headerMatches: {
        type: 'array',
        of: {
          type: 'object',
          fields: {
            name: NOT_EMPTY,
            value: STRING,
            secret: SECRET,
            mismatch: { type: 'string', enum: ['LOG', 'ADD', 'DELETE', 'REPLACE'] },
          },
          required: ['name'],
        },
      },
    },
  },
};

const KAFKA: FieldTree = {
  type: 'array',
  until: '1.20',
  of: {
    type: 'object',
    fields: {
      role: { type: 'string', enum: ['produce', 'consume'] },
      apiKey: STRING,
      apiVersion: STRING,
      clientID: STRING,
      topic: { type: 'string', maxLength: 255 },
    },
  },
};

const L7_RULES: ObjectField = {
  type: 'object',
  fields: {
    http: HTTP,
    dns: FQDNS,
    kafka: KAFKA,
    l7proto: { ...STRING, until: '1.20' },
    l7: { type: 'array', of: { type: 'map', of: STRING }, until: '1.20' },
  },
  exactlyOneOf: ['http', 'dns', 'kafka', 'l7proto'],
};

const SERVER_NAME: StringField = {
  ...MATCH_PATTERN,
  hint: 'a server name, in which * may stand',
  before: {
    version: '1.20',
    pattern: /^(\*?\*\.)?[-a-zA-Z0-9_]+(\.[-a-zA-Z0-9_]+)*\.?$/,
    hint: 'a server name, which may begin with *. (* elsewhere since Cilium 1.20)',
  },
};

const TO_PORTS: FieldTree = {
  type: 'array',
  of: {
    type: 'object',
    fields: {
      ports: PORT_PROTOCOLS,
      rules: L7_RULES,
      terminatingTLS: TLS,
      originatingTLS: TLS,
      serverNames: { type: 'array', of: SERVER_NAME, minItems: 1, unique: true },
      listener: {
        type: 'object',
        fields: {
          name: NOT_EMPTY,
          envoyConfig: {
            type: 'object',
            fields: { name: NOT_EMPTY, kind: { type: 'string', enum: ['CiliumEnvoyConfig', 'CiliumClusterwideEnvoyConfig'] } },
            required: ['name'],
          },
          priority: { type: 'integer', min: 1, max: 100 },
        },
        required: ['name', 'envoyConfig'],
      },
    },
  },
};

/** No layer 7 and no TLS in a deny rule. */
const TO_PORTS_DENY: FieldTree = { type: 'array', of: { type: 'object', fields: { ports: PORT_PROTOCOLS } } };

const AUTHENTICATION: FieldTree = {
  type: 'object',
  fields: { mode: { type: 'string', enum: ['disabled', 'required', 'test-always-fail'] } },
  required: ['mode'],
};

/** Since 1.19 the CRD keeps only the name, for a list that must be empty. */
const REQUIRES: FieldTree = {
  type: 'array',
  of: STRING,
  maxItems: 0,
  before: { version: '1.19', of: LABEL_SELECTOR, maxItems: undefined },
};

const INGRESS_PEERS = {
  fromEndpoints: SELECTORS,
  fromEntities: ENTITIES,
  fromCIDR: CIDRS,
  fromCIDRSet: CIDR_SET,
  fromNodes: SELECTORS,
  fromGroups: GROUPS,
  fromRequires: REQUIRES,
} as const satisfies FieldTrees;

const EGRESS_PEERS = {
  toEndpoints: SELECTORS,
  toEntities: ENTITIES,
  toCIDR: CIDRS,
  toCIDRSet: CIDR_SET,
  toNodes: SELECTORS,
  toGroups: GROUPS,
  toServices: SERVICES,
  toRequires: REQUIRES,
} as const satisfies FieldTrees;

const DENY = { toPorts: TO_PORTS_DENY, icmps: ICMPS } as const satisfies FieldTrees;
const ALLOW = { toPorts: TO_PORTS, icmps: ICMPS, authentication: AUTHENTICATION } as const satisfies FieldTrees;

const RULE: ObjectField = {
  type: 'object',
  fields: {
    endpointSelector: LABEL_SELECTOR,
    // In a namespaced policy too, as far as the CRD is concerned; there the agent refuses it.
    nodeSelector: LABEL_SELECTOR,
    ingress: { type: 'array', of: { type: 'object', fields: { ...INGRESS_PEERS, ...ALLOW } } },
    ingressDeny: { type: 'array', of: { type: 'object', fields: { ...INGRESS_PEERS, ...DENY } } },
    egress: { type: 'array', of: { type: 'object', fields: { ...EGRESS_PEERS, toFQDNs: FQDNS, ...ALLOW } } },
    egressDeny: { type: 'array', of: { type: 'object', fields: { ...EGRESS_PEERS, ...DENY } } },
    enableDefaultDeny: { type: 'object', fields: { ingress: { type: 'boolean' }, egress: { type: 'boolean' } } },
    description: STRING,
    labels: { type: 'array', of: { type: 'object', fields: { key: STRING, value: STRING, source: STRING }, required: ['key'] } },
    log: { type: 'object', fields: { value: { type: 'string', pattern: /^\P{C}*$/u, hint: 'printable text', maxLength: 32 } } },
  },
  exactlyOneOf: ['endpointSelector', 'nodeSelector'],
  atLeastOneOf: ['ingress', 'ingressDeny', 'egress', 'egressDeny'],
};

const CILIUM_V2 = 'cilium.io/v2';

function policy(kind: string, namespaced: boolean): FieldTree {
  return documentFields({
    apiVersion: CILIUM_V2,
    kind,
    namespaced,
    body: { spec: RULE, specs: { type: 'array', of: RULE } },
    // The CRD asks for it since 1.20, the agent always.
    atLeastOneOf: ['spec', 'specs'],
  });
}

const CIDR_GROUP = documentFields({
  apiVersion: [CILIUM_V2, 'cilium.io/v2alpha1'],
  kind: 'CiliumCIDRGroup',
  namespaced: false,
  body: { spec: { type: 'object', fields: { externalCIDRs: CIDRS }, required: ['externalCIDRs'] } },
  required: ['spec'],
});

const EGRESS_GATEWAY: ObjectField = {
  type: 'object',
  fields: {
    nodeSelector: LABEL_SELECTOR,
    interface: STRING,
    egressIP: { ...ADDRESS, before: { version: '1.20', pattern: new RegExp(`^${IPV4_PATTERN}$`), hint: 'an IPv4 address (IPv6 since Cilium 1.20)' } },
  },
  required: ['nodeSelector'],
};

const EGRESS_GATEWAY_POLICY = documentFields({
  apiVersion: CILIUM_V2,
  kind: 'CiliumEgressGatewayPolicy',
  namespaced: false,
  body: {
    spec: {
      type: 'object',
      fields: {
        selectors: {
          type: 'array',
          of: { type: 'object', fields: { namespaceSelector: LABEL_SELECTOR, podSelector: LABEL_SELECTOR, nodeSelector: LABEL_SELECTOR } },
        },
        destinationCIDRs: CIDRS,
        excludedCIDRs: CIDRS,
        egressGateway: EGRESS_GATEWAY,
        egressGateways: { type: 'array', of: EGRESS_GATEWAY, maxItems: 64, before: { version: '1.20', maxItems: undefined } },
      },
      required: ['selectors', 'destinationCIDRs', 'egressGateway'],
    },
  },
});

/** By kind. */
export const CILIUM_FIELDS: FieldTrees = {
  CiliumNetworkPolicy: policy('CiliumNetworkPolicy', true),
  CiliumClusterwideNetworkPolicy: policy('CiliumClusterwideNetworkPolicy', false),
  CiliumCIDRGroup: CIDR_GROUP,
  CiliumEgressGatewayPolicy: EGRESS_GATEWAY_POLICY,
};
