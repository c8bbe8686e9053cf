import { LabelScope } from '../../model/endpoint';
import { Variant } from '../party';

/** Many variants as few: of each kind one, of which is known what is the same for all of them. */
export function crowdOf(variants: readonly Variant[]): Variant[] {
  const kinds = new Map<string, Variant[]>();
  for (const variant of variants) {
    const key = `${variant.kind} ${variant.entities!.join(' ')}`;
    const list = kinds.get(key);
    if (list) { list.push(variant); } else { kinds.set(key, [variant]); }
  }
  return [...kinds.values()].map(common);
}

function common(variants: readonly Variant[]): Variant {
  const [{ kind, namespace, namespaceLabels, entities, names, openLabels = [] }] = variants;
  const [labels, serviceAccount] = [commonLabels(variants), same(variants, variant => variant.serviceAccount)];
  const accountLabels = same(variants, variant => variant.serviceAccountLabels);
  const ports = same(variants, variant => variant.ports);
  const principal = same(variants, variant => variant.principal);
  const addressIn = variants.some(({ address }) => address !== undefined) ? undefined : same(variants, variant => variant.addressIn);
  return {
    kind,
    entities,
    names,
    ...(namespace === undefined ? {} : { namespace, namespaceLabels }),
    ...(labels === undefined ? {} : { labels, openLabels: [...openLabels, SCOPES[kind]] }),
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
    ...(accountLabels === undefined ? {} : { serviceAccountLabels: accountLabels }),
    ...(ports === undefined ? {} : { ports }),
    ...(principal === undefined ? {} : { principal }),
    ...(addressIn === undefined ? {} : { addressIn }),
  };
}

const SCOPES: Readonly<Record<Variant['kind'], LabelScope>> = { pod: 'pod', node: 'node', hostEndpoint: 'hostEndpoint', addressSet: 'addressSet', external: 'pod' };

function same<T>(variants: readonly Variant[], of: (variant: Variant) => T): T | undefined {
  const first = of(variants[0]);
  return variants.every(variant => of(variant) === first) ? first : undefined;
}

/** Undefined where those of one are not known at all. */
function commonLabels(variants: readonly Variant[]): Variant['labels'] {
  const [first] = variants;
  if (variants.some(({ labels }) => labels === undefined)) { return undefined; }
  return Object.fromEntries(Object.entries(first.labels!).filter(([key, value]) =>
    variants.every(({ labels }) => Object.hasOwn(labels!, key) && labels![key] === value)));
}
