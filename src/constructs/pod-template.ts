import { ApiObject, App } from 'cdk8s';
import { LabelSelector } from '../model/endpoint';

/** What policies need to know of the pods that an object renders. */
export interface PodTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** What a policy selects them by. */
  readonly selector: LabelSelector;
  readonly serviceAccount: string;
  readonly hostNetwork: boolean;
  readonly ports: readonly { readonly name?: string; readonly port: number; readonly protocol: string }[];
  /** The namespace of the object, as it is rendered. */
  readonly namespace?: string;
}

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- manifests are anything until they are read */
export type Json = any;

/** Whether an object of this kind renders pods at all; custom kinds do by having a template. */
export function rendersPods(manifest: Json): boolean {
  return manifest?.kind === 'Pod' || podSpecOf(manifest) !== undefined;
}

/**
 * The pods that an object renders.
 * @throws when it renders none, cannot be rendered yet, or its pods have nothing to be selected by
 */
export function readPodTemplate(object: ApiObject): PodTemplate {
  return readTemplate(statedManifest(object) ?? render(object), () => describeObject(object));
}

/**
 * The same, of what the object renders.
 * @throws when it renders no pods, or its pods have nothing to be selected by
 */
export function readTemplate(manifest: Json, where: () => string): PodTemplate {
  const found = podSpecOf(manifest);
  if (!found) { throw new Error(`${where()} renders no pods: it has no pod template; a workload is a Pod, or has spec.template`); }
  const containers: Json[] = [...list(found.spec?.initContainers), ...list(found.spec?.containers)];
  if (list(found.spec?.containers).length === 0) { throw new Error(`${where()} has no containers; add one before the synth`); }
  const labels = record(found.metadata?.labels);
  const selector = selectorOf(manifest, labels);
  if (Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0) {
    throw new Error(`${where()} renders pods without labels, which no policy can select; label them`);
  }
  return {
    labels,
    annotations: record(found.metadata?.annotations),
    selector,
    serviceAccount: found.spec?.serviceAccountName || found.spec?.serviceAccount || 'default',
    hostNetwork: found.spec?.hostNetwork === true,
    ports: containers.flatMap(container => list(container?.ports)).map(port => ({
      ...(typeof port?.name === 'string' ? { name: port.name } : {}),
      port: Number(port?.containerPort),
      protocol: port?.protocol ?? 'TCP',
    })),
    ...(manifest.metadata?.namespace === undefined ? {} : { namespace: manifest.metadata.namespace }),
  };
}

/** Such as "Deployment web (shop/web)"; a name that is not known before the synth is left out. */
export function describeObject({ kind, name, node }: ApiObject): string {
  return typeof name === 'string' ? `${kind} ${name} (${node.path})` : `${kind} (${node.path})`;
}

/** How many resolvers every app has; more are the app's own, and could make anything of anything. */
const BUILT_IN_RESOLVERS = 3;

/**
 * What a plain object renders, without rendering it: that would cost a synth of many workloads a tenth more. Undefined where
 * only rendering tells: with patches, lazy values, an own `toJson`, or resolvers of the app.
 */
function statedManifest(object: ApiObject): Json | undefined {
  const { kind, metadata } = object;
  // What an ApiObject was made with is private to it; where these fields are not, it is rendered.
  const { props, patches } = object as unknown as { readonly props?: Json; readonly patches?: readonly unknown[] };
  const asMade = object.toJson === ApiObject.prototype.toJson && patches?.length === 0 && App.of(object).resolvers?.length === BUILT_IN_RESOLVERS;
  if (!asMade || kind === 'Pod' || !isPlain(metadata.namespace) || !isPlain(props?.spec)) { return undefined; }
  return { kind, metadata: { namespace: metadata.namespace }, spec: props.spec };
}

/** Whether it is JSON already. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) { return typeof value !== 'function'; }
  if (Array.isArray(value)) { return value.every(isPlain); }
  if (Object.getPrototypeOf(value) !== Object.prototype) { return false; }
  for (const key in value) {
    if (!isPlain((value as Record<string, unknown>)[key])) { return false; }
  }
  return true;
}

function render(object: ApiObject): Json {
  try {
    return object.toJson();
  } catch (error) {
    // cdk8s-plus renders nothing until there is a container.
    throw new Error(`${describeObject(object)} cannot be rendered: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function podSpecOf(manifest: Json): { readonly metadata: Json; readonly spec: Json } | undefined {
  const template = manifest?.kind === 'Pod' ? manifest : manifest?.kind === 'CronJob' ? manifest?.spec?.jobTemplate?.spec?.template : manifest?.spec?.template;
  return template?.spec && Array.isArray(template.spec.containers) || manifest?.kind === 'Pod' ? { metadata: template.metadata, spec: template.spec } : undefined;
}

/** The controller's own selector where it has one: it is what stays true of the pods while the template changes. */
function selectorOf(manifest: Json, labels: Record<string, string>): LabelSelector {
  const selector = manifest.kind === 'Pod' || manifest.kind === 'CronJob' ? undefined : manifest.spec?.selector;
  if (manifest.kind === 'ReplicationController') { return { matchLabels: Object.keys(record(selector)).length > 0 ? record(selector) : labels }; }
  const matchLabels = record(selector?.matchLabels);
  const matchExpressions = list(selector?.matchExpressions);
  return Object.keys(matchLabels).length + matchExpressions.length === 0 ? { matchLabels: labels } : { matchLabels, matchExpressions };
}

const list = (value: Json): Json[] => (Array.isArray(value) ? value : []);
const record = (value: Json): Record<string, string> => (value && typeof value === 'object' && !Array.isArray(value) ? value : {});
