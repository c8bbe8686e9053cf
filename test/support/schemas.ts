/**
 * Judges manifests by everything that knows their schema: our own field trees, the npm packages with the schemas of Kubernetes and Cilium, and
 * the real CRDs where they are at hand. A kind that none of them knows is an error, so that nothing passes unseen.
 */
import * as fs from 'fs';
import * as path from 'path';
import { MessageChannel, MessagePort, receiveMessageOnPort, Worker } from 'worker_threads';
import Ajv, { ValidateFunction } from 'ajv';
import * as ipaddr from 'ipaddr.js';
import * as yaml from 'js-yaml';
import { CALICO_FIELDS } from '../../src/dialects/calico/fields';
import { CILIUM_FIELDS } from '../../src/dialects/cilium/fields';
import { CLUSTER_NETWORK_POLICY_FIELDS } from '../../src/dialects/cluster-network-policy/fields';
import { checkFields, FieldTree } from '../../src/dialects/field-tree';
import { ISTIO_FIELDS } from '../../src/dialects/istio/fields';
import { KUBERNETES_FIELDS } from '../../src/dialects/kubernetes/fields';

/**
 * `([a-z]+[.]?)+` of Cilium's schemas takes JavaScript exponential time to refuse a long name;
 * `[a-z]+(?:[.][a-z]+)*[.]?` is the same language in linear time.
 */
const SLOW_PATTERN = { find: /\((\[[^\]]+\]\+)(?:\[\.\]|\\\.)\?\)\+/g, replace: '$1(?:[.]$1)*[.]?' };

/**
 * One sentence for each thing that is wrong with a manifest, and by whose judgement; none if all accept it.
 * @param version of the CNI that is to take it, such as `1.18` or `3.33`; absent: the newest by our trees, and every CRD at hand
 */
export function schemaErrors(manifest: any, version?: string): string[] {
  return schemaErrorsOf([manifest], version);
}

/** The same for many, at little more than the price of one. */
export function schemaErrorsOf(manifests: any[], version?: string): string[] {
  // As an API server gets them: no undefined, nothing that only JavaScript has.
  const documents = manifests.map((manifest) => JSON.parse(JSON.stringify(manifest ?? null)));
  const known = documents.filter((document) => typeof document?.apiVersion === 'string' && typeof document.kind === 'string');
  const npm = new Map(npmErrorsOf(known).map((errors, index) => [known[index], errors]));
  return documents.flatMap((document) => {
    if (!npm.has(document)) return [`${JSON.stringify(document)?.slice(0, 80)}: apiVersion and kind must be strings`];
    return errorsOf(document, npm.get(document), version).map((error) => `${nameOf(document)}: ${error}`);
  });
}

function errorsOf(document: any, npm: string[] | null | undefined, version: string | undefined): string[] {
  const { apiVersion, kind } = document;
  const tree = fieldTreeOf(apiVersion, kind);
  const crds = crdSchemasOf(apiVersion, kind);
  if (!tree && !npm && crds.length === 0) return [`no schema is known for ${apiVersion} ${kind}`];
  const own = hasVersions(apiVersion) ? version : undefined;
  return [
    ...(tree ? checkFields(tree, document, '', own) : []).map((error) => `${error} [field tree]`),
    ...(npmSpeaksFor(apiVersion, own) ? npm ?? [] : []).map((error) => `${error} [npm]`),
    ...crdsOf(crds, own).flatMap((crd) => crdErrors(crd, document).map((error) => `${error} [CRD of ${crd.source}]`)),
  ];
}

/** The groups whose fields depend on the version of a CNI. */
const hasVersions = (apiVersion: string): boolean => /^(cilium\.io|projectcalico\.org)\//.test(apiVersion);

/** The package for Cilium has the schemas of 1.19. */
const npmSpeaksFor = (apiVersion: string, version: string | undefined): boolean =>
  version === undefined || !apiVersion.startsWith('cilium.io/') || minorOf(version) === minorOf('1.19');

const minorOf = (version: string): number => Number(/^v?\d+\.(\d+)/.exec(version)?.[1] ?? NaN);

/** Of one version only that, and where it is not at hand the next one: older Calico published no CRDs of this group. */
function crdsOf(crds: readonly CrdSchema[], version: string | undefined): readonly CrdSchema[] {
  if (version === undefined || crds.length === 0) return crds;
  const found = crds.find((crd) => minorOf(crd.version) >= minorOf(version));
  return [found ?? crds[crds.length - 1]];
}

function nameOf({ kind, metadata }: any): string {
  return `${kind} ${[metadata?.namespace, metadata?.name].filter((part) => part !== undefined).join('/')}`;
}

// --- our own field trees

const FIELD_TREES = new Map<string, FieldTree>([KUBERNETES_FIELDS, CILIUM_FIELDS, CALICO_FIELDS, CLUSTER_NETWORK_POLICY_FIELDS, ISTIO_FIELDS]
  .flatMap((trees) => Object.values(trees))
  .flatMap((tree) => valuesOf(tree, 'apiVersion').flatMap((apiVersion) => valuesOf(tree, 'kind').map((kind) => [`${apiVersion} ${kind}`, tree] as const))));

/** The values that a field of a document may have. */
function valuesOf(tree: FieldTree, name: string): readonly string[] {
  const field = tree.type === 'object' ? tree.fields[name] : undefined;
  return field?.type === 'string' ? field.enum ?? [] : [];
}

export function fieldTreeOf(apiVersion: string, kind: string): FieldTree | undefined {
  return FIELD_TREES.get(`${apiVersion} ${kind}`);
}

// --- npm, in a worker thread that this one waits for: the packages are ESM only

const NPM_TIMEOUT = 30_000;

interface NpmWorker {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly signal: Int32Array;
}

let npmWorker: NpmWorker | undefined;

// A worker is started at the first use in a test file, and ends with it.
if (typeof afterAll === 'function') afterAll(stopNpmWorker);

async function stopNpmWorker(): Promise<void> {
  const running = npmWorker;
  npmWorker = undefined;
  running?.port.close();
  await running?.worker.terminate();
}

function startNpmWorker(): NpmWorker {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { port: port2, signal, slowPattern: SLOW_PATTERN };
  const worker = new Worker(path.join(__dirname, 'npm-schemas.mjs'), { workerData, transferList: [port2], execArgv: [] });
  worker.unref();
  return { worker, port: port1, signal };
}

/** By manifest: what is wrong, or null where the packages know no such kind. */
function npmErrorsOf(manifests: any[]): (string[] | null)[] {
  if (manifests.length === 0) return [];
  npmWorker ??= startNpmWorker();
  const { port, signal } = npmWorker;
  Atomics.store(signal, 0, 0);
  port.postMessage(manifests);
  const waited = Atomics.wait(signal, 0, 0, NPM_TIMEOUT);
  const answer = receiveMessageOnPort(port)?.message;
  if (!answer) {
    // A late answer must not be taken for that of the next question.
    void stopNpmWorker();
    throw new Error(`npm-schemas.mjs gave no answer (${waited}) to ${manifests.map(nameOf).join(', ')}`);
  }
  if (answer.failure) throw new Error(`npm-schemas.mjs failed: ${answer.failure}`);
  return answer.results;
}

// --- the real CRDs, which are not part of the repository

const CRDS = path.resolve(__dirname, '../../../shared/crds');

/** In the order of their versions. Of policy.networking.k8s.io the experimental channel, which has all that the standard one has. */
const CRD_SOURCES = [
  { group: 'cilium.io', source: 'cilium/v1.18', version: '1.18' },
  { group: 'cilium.io', source: 'cilium/v1.19', version: '1.19' },
  { group: 'cilium.io', source: 'cilium/v1.20', version: '1.20' },
  { group: 'projectcalico.org', source: 'calico/v3.32.1', version: '3.32' },
  { group: 'projectcalico.org', source: 'calico/v3.33', version: '3.33' },
  { group: 'policy.networking.k8s.io', source: 'network-policy-api/v0.1.8/experimental', version: '0.1' },
  { group: 'policy.networking.k8s.io', source: 'network-policy-api/v0.2.0/experimental', version: '0.2' },
];

export interface CrdSchema {
  /** Such as `cilium/v1.20`. */
  readonly source: string;
  readonly version: string;
  /** The `openAPIV3Schema`, as it stands in the CRD. */
  readonly schema: any;
}

const crdSchemas = new Map<string, CrdSchema[]>();
const crdValidators = new Map<CrdSchema, ValidateFunction>();

/** Empty where the CRDs are absent, or do not hold the kind. */
export function crdSchemasOf(apiVersion: string, kind: string): CrdSchema[] {
  const key = `${apiVersion}/${kind}`;
  let found = crdSchemas.get(key);
  if (!found) crdSchemas.set(key, found = readCrdSchemas(apiVersion, kind));
  return found;
}

function readCrdSchemas(apiVersion: string, kind: string): CrdSchema[] {
  const [group] = apiVersion.split('/');
  return CRD_SOURCES.filter((each) => each.group === group).flatMap(({ source, version }) => {
    const schema = readCrd(source, apiVersion, kind);
    return schema ? [{ source, version, schema }] : [];
  });
}

/** The `openAPIV3Schema` of a kind in one folder of the CRDs; undefined where it is not served, or not at hand. */
export function readCrd(source: string, apiVersion: string, kind: string): any {
  const [group, served] = apiVersion.split('/');
  const plural = kind.toLowerCase().replace(/y$/, 'ie') + 's';
  const file = [`${plural}.yaml`, `${group}_${plural}.yaml`].map((name) => path.join(CRDS, source, name)).find((name) => fs.existsSync(name));
  if (!file) return undefined;
  const crd: any = yaml.load(fs.readFileSync(file, 'utf8'));
  const found = crd.spec.versions.find((each: any) => each.name === served && each.served);
  return found && crd.spec.names.kind === kind ? found.schema.openAPIV3Schema : undefined;
}

function crdErrors(crd: CrdSchema, document: any): string[] {
  let validate = crdValidators.get(crd);
  if (!validate) {
    const schema = strict(crd.schema);
    // A CRD does not spell ObjectMeta out.
    schema.properties.metadata = { type: 'object' };
    crdValidators.set(crd, validate = crdAjv.compile(schema));
  }
  if (validate(document)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const detail = params.additionalProperty ?? params.allowedValues?.join(', ');
    return `${instancePath || '/'} ${message}${detail === undefined ? '' : `: ${detail}`}`;
  });
}

// CEL rules (x-kubernetes-validations) are not evaluated; idn-hostname is no format of Kubernetes, which ignores it.
const crdAjv = new Ajv({
  strict: false,
  allErrors: true,
  code: { optimize: false },
  formats: {
    'cidr': { type: 'string', validate: (value: string) => ipaddr.isValidCIDR(value) },
    'int32': { type: 'number', validate: (value: number) => Math.abs(value + 0.5) < 2 ** 31 },
    'int64': { type: 'number', validate: (value: number) => Number.isInteger(value) },
    'date-time': { type: 'string', validate: (value: string) => /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value)) },
  },
});

/** The schema as JSON Schema in which an unknown field is an error, where an API server drops it. */
function strict(node: any): any {
  const { properties, additionalProperties, items, pattern, format, ...rest } = node;
  const result: any = { ...rest };
  // Go's \PC is \P{C} here.
  if (pattern !== undefined) result.pattern = pattern.replace(/\\([pP])([A-Z])/g, '\\$1{$2}').replace(SLOW_PATTERN.find, SLOW_PATTERN.replace);
  if (format !== undefined && format !== 'idn-hostname') result.format = format;
  if (items !== undefined) result.items = strict(items);
  if (properties !== undefined) {
    result.properties = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, strict(each)]));
  }
  if (additionalProperties !== undefined) {
    result.additionalProperties = typeof additionalProperties === 'object' ? strict(additionalProperties) : additionalProperties;
  } else if (node.type === 'object' && !node['x-kubernetes-preserve-unknown-fields']) {
    result.additionalProperties = false;
  }
  if (node['x-kubernetes-int-or-string']) {
    delete result.type;
    result.anyOf = [{ type: 'integer' }, { type: 'string' }];
  }
  if (node['x-kubernetes-list-type'] === 'set') result.uniqueItems = true;
  return result;
}
