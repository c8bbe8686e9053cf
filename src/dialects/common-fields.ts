/** Pieces of field trees that several dialects share. */
import type { FieldTree, FieldTrees, ObjectField, StringField } from './field-tree';

export const STRING: StringField = { type: 'string' };

export const DNS_LABEL: StringField = {
  type: 'string',
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  hint: 'a DNS label (lower case letters, digits and inner dashes)',
  minLength: 1,
  maxLength: 63,
};

export const DNS_SUBDOMAIN: StringField = {
  type: 'string',
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  hint: 'a DNS subdomain (lower case letters, digits, inner dashes and dots)',
  minLength: 1,
  maxLength: 253,
};

export const LABEL_VALUE: StringField = {
  type: 'string',
  pattern: /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
  hint: 'a label value (letters and digits, inside also - _ .)',
  maxLength: 63,
};

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
export const IPV4_PATTERN = `${OCTET}(?:\\.${OCTET}){3}`;
// The shape only: who needs the address parses it.
export const IPV6_PATTERN = '[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F:]*(?:[0-9]{1,3}(?:\\.[0-9]{1,3}){3})?';
export const CIDR_PATTERN = `(?:${IPV4_PATTERN}/(?:3[0-2]|[12]?[0-9])|${IPV6_PATTERN}/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))`;

export const CIDR: StringField = {
  type: 'string',
  pattern: new RegExp(`^${CIDR_PATTERN}$`),
  hint: 'a CIDR such as 10.0.0.0/8',
  maxLength: 64,
};

export const CIDRS: FieldTree = { type: 'array', of: CIDR };

export const ADDRESS: StringField = {
  type: 'string',
  pattern: new RegExp(`^(?:${IPV4_PATTERN}|${IPV6_PATTERN})$`),
  hint: 'an IP address',
  maxLength: 45,
};

export const LABEL_SELECTOR: ObjectField = {
  type: 'object',
  fields: {
    matchLabels: { type: 'map', of: LABEL_VALUE },
    matchExpressions: {
      type: 'array',
      of: {
        type: 'object',
        fields: {
          key: STRING,
          operator: { type: 'string', enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'] },
          values: { type: 'array', of: STRING },
        },
        required: ['key', 'operator'],
      },
    },
  },
};

interface DocumentFields {
  /** One, or all in which the kind has the same fields. */
  readonly apiVersion: string | readonly string[];
  readonly kind: string;
  /** A cluster-scoped kind has no `metadata.namespace`. */
  readonly namespaced: boolean;
  /** Default: a DNS subdomain. */
  readonly name?: StringField;
  readonly body: FieldTrees;
  readonly required?: readonly string[];
  readonly atLeastOneOf?: readonly string[];
}

/** A whole document as people write it: what a server adds (status, uid, managedFields, ...) is not part of it. */
export function documentFields(options: DocumentFields): ObjectField {
  return {
    type: 'object',
    fields: {
      apiVersion: { type: 'string', enum: [options.apiVersion].flat() },
      kind: { type: 'string', enum: [options.kind] },
      metadata: {
        type: 'object',
        fields: {
          name: options.name ?? DNS_SUBDOMAIN,
          ...(options.namespaced ? { namespace: DNS_LABEL } : {}),
          labels: { type: 'map', of: LABEL_VALUE },
          annotations: { type: 'map', of: STRING },
        },
        required: ['name'],
      },
      ...options.body,
    },
    required: ['apiVersion', 'kind', 'metadata', ...(options.required ?? [])],
    ...(options.atLeastOneOf ? { atLeastOneOf: options.atLeastOneOf } : {}),
  };
}
