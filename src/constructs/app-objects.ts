import { ApiObject, Chart } from 'cdk8s';
import { PodsOfNamespace, podsOfNamespaces } from './namespace-labels';
import { Json, PodTemplate, readTemplate, rendersPods } from './pod-template';
import type { Statements } from './statements';
import { Endpoint } from '../model/match';

const POLICY_GROUPS = ['networking.k8s.io', 'cilium.io', 'projectcalico.org', 'crd.projectcalico.org', 'policy.networking.k8s.io'];

/** An object of the app as it is applied: rendered, and taken out of its List. */
export interface AppObject {
  /** The construct path; of an item also its place in the List. */
  readonly path: string;
  readonly apiGroup: string;
  readonly kind: string;
  /** Empty where none is stated. */
  readonly name: string;
  /** Undefined where it is not known: neither the object nor its chart states one, and a List gives none to its items. */
  readonly namespace?: string;
  readonly manifest: Json;
}

/** Pods of the app, with what renders them. */
export interface AppPods extends Endpoint {
  readonly object: ApiObject;
  readonly template: PodTemplate;
  /** Such as "Deployment web (shop/web)". */
  readonly text: string;
}

/** The objects of an app that this library did not make, looked at only as far as somebody asks. */
export class AppObjects {
  /** What is known of the pods of a namespace before one looks at them. */
  public readonly podsOf: PodsOfNamespace;
  private objects?: ApiObject[];
  private policies?: AppObject[];
  private podEndpoints?: AppPods[];

  public constructor(private readonly statements: Statements) {
    this.podsOf = podsOfNamespaces(statements.root);
  }

  private get foreign(): ApiObject[] {
    return (this.objects ??= this.statements.root.node.findAll()
      .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct))
      .filter(object => !this.statements.isOwn(object)));
  }

  /** Policies of any kind, such as those of `Include`d files. */
  public get foreignPolicies(): readonly AppObject[] {
    return (this.policies ??= this.foreign.filter(object => isPolicy(object) || isList(object)).flatMap(appliedObjects).filter(isPolicy));
  }

  /** Objects of a group, of these kinds. */
  public ofKind(group: string, ...kinds: readonly string[]): readonly AppObject[] {
    const isOne = ({ apiGroup, kind }: ApiObject | AppObject): boolean => apiGroup === group && kinds.includes(kind);
    return this.foreign.filter(object => isOne(object) || isList(object)).flatMap(appliedObjects)
      .filter(object => isOne(object) && isRendered(object));
  }

  /** The pods of the app, as far as they are known; a namespace that is not stated is unknown. */
  public get pods(): readonly AppPods[] {
    return (this.podEndpoints ??= this.foreign.filter(object => !isPolicy(object) || isList(object)).flatMap(object =>
      appliedObjects(object).flatMap(applied => {
        const template = templateOf(applied);
        return template ? [podsOf(object, applied, template)] : [];
      })));
  }
}

const isPolicy = ({ apiGroup }: ApiObject | AppObject): boolean => POLICY_GROUPS.includes(apiGroup);
const isList = ({ kind }: ApiObject): boolean => String(kind).endsWith('List');

/** The object, or the items of a List. */
function appliedObjects(object: ApiObject): AppObject[] {
  let manifest: Json;
  try {
    manifest = object.toJson();
  } catch (error) {
    // What cannot be rendered fails its own synth, with a better message than any here.
    const { apiGroup, kind, name, node: { path } } = object;
    return [{ path, apiGroup, kind, name, get manifest(): Json { throw error; } }];
  }
  const items = itemsOf(manifest, object.node.path);
  return items ?? [appliedObject(manifest, object.node.path, Chart.of(object).namespace)];
}

function isRendered(object: AppObject): boolean {
  try {
    return object.manifest !== undefined;
  } catch {
    return false; // As above.
  }
}

/** `kind: List`, or a list of one kind, whose items need not state it. */
function itemsOf(list: Json, path: string): AppObject[] | undefined {
  if (typeof list.kind !== 'string' || !list.kind.endsWith('List') || !Array.isArray(list.items)) { return undefined; }
  const given = list.kind === 'List' ? {} : { apiVersion: list.apiVersion, kind: list.kind.slice(0, -'List'.length) };
  return list.items.flatMap((item: Json, i: number) => {
    if (typeof item !== 'object' || item === null) { return []; }
    const [manifest, at] = [{ ...given, ...item }, `${path} items[${i}]`];
    return itemsOf(manifest, at) ?? [appliedObject(manifest, at, undefined)];
  });
}

/** An object by what it renders. */
export function appliedObject(manifest: Json, path: string, chartNamespace: string | undefined): AppObject {
  const { apiVersion, kind, metadata } = manifest;
  const [group, version] = String(apiVersion).split('/');
  const namespace = metadata?.namespace ?? chartNamespace;
  return {
    path,
    apiGroup: version === undefined ? 'core' : group,
    kind: String(kind),
    name: String(metadata?.name ?? ''),
    ...(namespace === undefined ? {} : { namespace }),
    manifest,
  };
}

function templateOf({ manifest, kind, name, path }: AppObject): PodTemplate | undefined {
  try {
    return rendersPods(manifest) ? readTemplate(manifest, () => `${kind} ${name} (${path})`) : undefined;
  } catch {
    return undefined; // As above.
  }
}

function podsOf(object: ApiObject, { namespace, kind, name, path }: AppObject, template: PodTemplate): AppPods {
  return {
    object,
    template,
    text: `${kind} ${name} (${path})`,
    kind: template.hostNetwork ? 'node' : 'pod',
    labels: template.labels,
    serviceAccount: template.serviceAccount,
    ...(namespace === undefined ? {} : { namespace }),
  };
}
