import { DocumentReader, Fields } from '../document-reader';
import { builtinTiers, CALICO_V3, Tier, UNSTATED_TIER_ORDER } from './tiers';
import { isOfKind } from '../dialect';

const TIER = [{ apiVersion: CALICO_V3, kind: 'Tier' }];
/** The same objects where nobody should write them. */
const STORED = ['Tier', 'NetworkSet', 'GlobalNetworkSet'].map(kind => ({ apiVersion: 'crd.projectcalico.org/v1', kind }));

/** Every tier that there is: Calico's own, and those among the documents. */
export function readTiers(documents: readonly unknown[], version: string | undefined): ReadonlyMap<string, Tier> {
  const tiers = new Map(builtinTiers(version).map(tier => [tier.name, tier]));
  const stated = new Map<string, Tier>();
  for (const document of documents) {
    if (isOfKind(document, STORED)) { throw DocumentReader.open(document).reader.fail('apiVersion', `this is how Calico stores its objects; write ${CALICO_V3}`); }
    if (!isOfKind(document, TIER)) { continue; }
    const { reader, fields, origin } = DocumentReader.open(document);
    const tier = readTier(reader, fields, origin.name, builtinTiers(version).find(({ name }) => name === origin.name));
    const before = stated.get(tier.name);
    if (before && JSON.stringify(before) !== JSON.stringify(tier)) { throw reader.fail('metadata.name', 'another document states this Tier differently'); }
    stated.set(tier.name, tier);
    tiers.set(tier.name, tier);
  }
  return tiers;
}

/** By order, then by name. */
export const compareTiers = (a: Tier, b: Tier): number => a.order - b.order || (a.name < b.name ? -1 : 1);

function readTier(reader: DocumentReader, fields: Fields, name: string, builtin: Tier | undefined): Tier {
  if (name.length > 63 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) {
    throw reader.fail('metadata.name', 'is no name of a tier: use at most 63 lower-case letters, digits and "-"');
  }
  const spec = reader.object(reader.own(fields, 'spec') ?? {}, 'spec');
  reader.only(spec, 'spec', ['order', 'defaultAction']);
  const order = reader.own(spec, 'order');
  const tier: Tier = {
    name,
    order: order === undefined ? builtin?.order ?? UNSTATED_TIER_ORDER : reader.number(order, 'spec.order'),
    defaultAction: reader.oneOf(reader.own(spec, 'defaultAction') ?? builtin?.defaultAction ?? 'Deny', 'spec.defaultAction', ['Deny', 'Pass']),
  };
  if (builtin && JSON.stringify(builtin) !== JSON.stringify(tier)) {
    throw reader.fail('spec', `the tier ${name} always has order ${builtin.order} and default action ${builtin.defaultAction}`);
  }
  return tier;
}
