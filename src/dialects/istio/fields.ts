/** The fields of security.istio.io, since Istio 1.24. https://github.com/istio/api/blob/master/security/v1beta1/authorization_policy.proto */
import { documentFields, LABEL_VALUE, STRING } from '../common-fields';
import type { ArrayField, FieldTree, FieldTrees, StringField } from '../field-tree';

const STRINGS: FieldTree = { type: 'array', of: STRING };
const MATCH_LABELS: FieldTree = { type: 'object', fields: { matchLabels: { type: 'map', of: LABEL_VALUE } } };

const TARGET: FieldTree = {
  type: 'object',
  fields: {
    group: { type: 'string', maxLength: 253 },
    kind: { type: 'string', minLength: 1, maxLength: 63 },
    name: { type: 'string', minLength: 1, maxLength: 253 },
    namespace: { type: 'string', maxLength: 0 },
  },
  required: ['kind', 'name'],
};

const ACCOUNTS: ArrayField = { type: 'array', of: { type: 'string', maxLength: 320 }, maxItems: 16, since: '1.25' };
const TRUST_DOMAINS: ArrayField = { type: 'array', of: STRING, since: '1.30' };

const lists = (...names: readonly string[]): FieldTrees => Object.fromEntries(names.map(name => [name, STRINGS]));

const SOURCE: FieldTree = {
  type: 'object',
  fields: {
    ...lists('principals', 'notPrincipals', 'requestPrincipals', 'notRequestPrincipals', 'namespaces', 'notNamespaces', 'ipBlocks', 'notIpBlocks',
      'remoteIpBlocks', 'notRemoteIpBlocks'),
    serviceAccounts: ACCOUNTS,
    notServiceAccounts: ACCOUNTS,
    trustDomains: TRUST_DOMAINS,
    notTrustDomains: TRUST_DOMAINS,
  },
};

const OPERATION: FieldTree = {
  type: 'object',
  fields: lists('hosts', 'notHosts', 'ports', 'notPorts', 'methods', 'notMethods', 'paths', 'notPaths'),
};

const RULE: FieldTree = {
  type: 'object',
  fields: {
    from: { type: 'array', of: { type: 'object', fields: { source: SOURCE } }, maxItems: 512 },
    to: { type: 'array', of: { type: 'object', fields: { operation: OPERATION } } },
    when: { type: 'array', of: { type: 'object', fields: { key: STRING, ...lists('values', 'notValues') }, required: ['key'] } },
  },
};

const MODE: StringField = { type: 'string', enum: ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'] };
const MUTUAL_TLS: FieldTree = { type: 'object', fields: { mode: MODE } };
const API_VERSIONS = ['security.istio.io/v1', 'security.istio.io/v1beta1'];

/** By kind. */
export const ISTIO_FIELDS: FieldTrees = {
  AuthorizationPolicy: documentFields({
    apiVersion: API_VERSIONS,
    kind: 'AuthorizationPolicy',
    namespaced: true,
    body: {
      spec: {
        type: 'object',
        fields: {
          selector: MATCH_LABELS,
          targetRef: TARGET,
          targetRefs: { type: 'array', of: TARGET, maxItems: 16 },
          action: { type: 'string', enum: ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'] },
          provider: { type: 'object', fields: { name: STRING } },
          rules: { type: 'array', of: RULE, maxItems: 512 },
        },
      },
    },
  }),
  PeerAuthentication: documentFields({
    apiVersion: API_VERSIONS,
    kind: 'PeerAuthentication',
    namespaced: true,
    body: {
      spec: {
        type: 'object',
        // The keys are ports.
        fields: { selector: MATCH_LABELS, mtls: MUTUAL_TLS, portLevelMtls: { type: 'any' } },
      },
    },
  }),
};
