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
import { checkFields, FieldTree, FieldTrees } from '../../src/dialects/field-tree';
import { KUBERNETES_FIELDS } from '../../src/dialects/kubernetes/fields';

/**
 * `([a-z]+[.]?)+` of Cilium's schemas takes JavaScript exponential time to refuse a long name;
 * `[a-z]+(?:[.][a-z]+)*[.]?` is the same language in linear time.
 */
const SLOW_PATTERN = { find: /\((\[[^\]]+\]\+)(?:\[\.\]|\\\.)\?\)\+/g, replace: '$1(?:[.]$1)*[.]?' };

/** One sentence for each thing that is wrong with a manifest, and by whose judgement; none if all accept it. */
export function schemaErrors(manifest: any): string[] {
  return schemaErrorsOf([manifest]);
}

/** The same for many, at little more than the price of one. */
export function schemaErrorsOf(manifests: any[]): string[] {
  // As an API server gets them: no undefined, nothing that only JavaScript has.
  const documents = manifests.map((manifest) => JSON.parse(JSON.stringify(manifest ?? null)));
  const known = documents.filter((document) => typeof document?.apiVersion === 'string' && typeof document.kind === 'string');
  const npm = new Map(npmErrorsOf(known).map((errors, index) => [known[index], errors]));
  return documents.flatMap((document) => {
    if (!npm.has(document)) return [`${JSON.stringify(document)?.slice(0, 80)}: apiVersion and kind must be strings`];
    return errorsOf(document, npm.get(document)).map((error) => `${nameOf(document)}: ${error}`);
  });
}

function errorsOf(document: any, npm: string[] | null | undefined): string[] {
  const tree = fieldTreeOf(document.apiVersion, document.kind);
  const crds = crdSchemasOf(document.apiVersion, document.kind);
  if (!tree && !npm && crds.length === 0) return [`no schema is known for ${document.apiVersion} ${document.kind}`];
  return [
    ...(tree ? checkFields(tree, document) : []).map((error) => `${error} [field tree]`),
    ...(npm ?? []).map((error) => `${error} [npm]`),
    ...crds.flatMap((crd) => crdErrors(crd, document).map((error) => `${error} [CRD of ${crd.source}]`)),
  ];
}

function nameOf({ kind, metadata }: any): string {
  return `${kind} ${[metadata?.namespace, metadata?.name].filter((part) => part !== undefined).join('/')}`;
}

// --- our own field trees

const FIELD_TREES = new Map<string, FieldTrees>([
  ['networking.k8s.io/v1', KUBERNETES_FIELDS],
  ['cilium.io/v2', CILIUM_FIELDS],
  ['projectcalico.org/v3', CALICO_FIELDS],
]);

function fieldTreeOf(apiVersion: string, kind: string): FieldTree | undefined {
  const trees = FIELD_TREES.get(apiVersion) ?? {};
  return Object.hasOwn(trees, kind) ? trees[kind] : undefined;
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

const CRD_SOURCES = [
  { group: 'cilium.io', source: 'cilium/v1.18' },
  { group: 'cilium.io', source: 'cilium/v1.19' },
  { group: 'cilium.io', source: 'cilium/v1.20' },
  { group: 'projectcalico.org', source: 'calico/v3.32.1' },
  { group: 'projectcalico.org', source: 'calico/v3.33' },
];

export interface CrdSchema {
  /** Such as `cilium/v1.20`. */
  readonly source: string;
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
  const [group, version] = apiVersion.split('/');
  const plural = kind.toLowerCase().replace(/y$/, 'ie') + 's';
  return CRD_SOURCES.filter((each) => each.group === group).flatMap(({ source }) => {
    const file = [`${plural}.yaml`, `${group}_${plural}.yaml`].map((name) => path.join(CRDS, source, name)).find((name) => fs.existsSync(name));
    if (!file) return [];
    const crd: any = yaml.load(fs.readFileSync(file, 'utf8'));
    const served = crd.spec.versions.find((each: any) => each.name === version && each.served);
    return served && crd.spec.names.kind === kind ? [{ source, schema: served.schema.openAPIV3Schema }] : [];
  });
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
