import * as fc from 'fast-check';
import { Manifest } from './manifest';
import { BLOCKS } from '../../../support/models/vocabulary';

/** Selectors as documents have them, over the labels of the clusters here. */

const POD_LABELS: Readonly<Record<string, readonly string[]>> = { app: ['web', 'api'], tier: ['front'] };
const NAMESPACE_LABELS: Readonly<Record<string, readonly string[]>> = { 'team': ['red', 'blue'], 'audited': ['yes'], 'kubernetes.io/metadata.name': ['shop', 'data'] };

function requirements(labels: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<Manifest> {
  return fc.constantFrom(...Object.keys(labels)).chain(key => fc.constantFrom(
    { key, operator: 'In', values: [labels[key][0]] },
    { key, operator: 'In', values: [...labels[key], 'other'] },
    { key, operator: 'NotIn', values: [labels[key][0]] },
    { key, operator: 'Exists' },
    { key, operator: 'DoesNotExist' },
  ));
}

function selectorsOf(labels: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<Manifest> {
  const equal = fc.constantFrom(...Object.entries(labels).flatMap(([key, values]) => values.map(value => ({ matchLabels: { [key]: value } }))));
  return fc.oneof(
    { weight: 4, arbitrary: equal },
    { weight: 2, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: requirements(labels).map(one => ({ matchExpressions: [one] })) },
    { weight: 1, arbitrary: fc.tuple(equal, requirements(labels)).map(([some, one]) => ({ ...some, matchExpressions: [one] })) },
  );
}

export const podSelectors = selectorsOf(POD_LABELS);
export const namespaceSelectors = selectorsOf(NAMESPACE_LABELS);

export interface Block {
  readonly cidr: string;
  readonly except?: readonly string[];
}

/** Ranges that pods are wholly in or wholly out of; `inner` adds some that tell pods apart. */
export function blocks({ inner }: { readonly inner: boolean }): fc.Arbitrary<Block> {
  const outer = fc.constantFrom(...BLOCKS.map(({ cidr, except }): Block => (except.length === 0 ? { cidr } : { cidr, except })));
  if (!inner) { return outer; }
  return fc.oneof({ weight: 3, arbitrary: outer }, {
    weight: 2,
    arbitrary: fc.constantFrom<Block>(
      { cidr: '10.244.0.0/30' }, { cidr: '10.244.0.0/16' }, { cidr: '10.244.0.0/16', except: ['10.244.0.2/31'] }, { cidr: 'fd00:244::/126' }, { cidr: '192.168.7.0/24' },
      { cidr: '0.0.0.0/0', except: ['10.244.0.0/30', '192.168.7.1/32'] },
    ),
  });
}
