// A worker thread of schemas.ts: the npm packages that carry the schemas are ESM only, while jest here runs CommonJS.
import { workerData } from 'node:worker_threads';

const { port, signal, slowPattern } = workerData;

// The schemas are compiled to JavaScript, patterns included: before they load.
const faster = (pattern) => (typeof pattern === 'string' ? pattern.replace(slowPattern.find, slowPattern.replace) : pattern);
globalThis.RegExp = new Proxy(RegExp, {
  apply: (target, self, [pattern, ...rest]) => target(faster(pattern), ...rest),
  construct: (target, [pattern, ...rest]) => new target(faster(pattern), ...rest),
});

const models = new Map();

/** The model class of a kind; undefined where the packages have none. */
function modelOf(apiVersion, kind) {
  const key = `${apiVersion}/${kind}`;
  if (!models.has(key)) models.set(key, load(apiVersion, kind));
  return models.get(key);
}

async function load(apiVersion, kind) {
  if (!/^([a-z0-9.-]+\/)?v[0-9][a-z0-9]*$/.test(apiVersion) || !/^[A-Za-z0-9]+$/.test(kind)) return undefined;
  const name = apiVersion.startsWith('cilium.io/') ? '@kubernetes-models/cilium' : 'kubernetes-models';
  // First of all, so that a package that is missing is not mistaken for a kind that is.
  await import(`${name}/${name === 'kubernetes-models' ? 'v1/Namespace' : 'cilium.io/v2/CiliumNetworkPolicy'}`);
  try {
    const model = (await import(`${name}/${apiVersion}/${kind}`))[kind];
    return model?.kind === kind && model.apiVersion === apiVersion ? model : undefined;
  } catch (error) {
    if (['ERR_MODULE_NOT_FOUND', 'ERR_PACKAGE_PATH_NOT_EXPORTED'].includes(error.code)) return undefined;
    throw error;
  }
}

/** What is wrong with a manifest; null where no schema is known. */
async function errorsOf(manifest) {
  const model = await modelOf(String(manifest.apiVersion), String(manifest.kind));
  if (!model) return null;
  try {
    new model(manifest).validate();
    return [];
  } catch (error) {
    if (!Array.isArray(error.errors)) throw error;
    // idn-hostname is no format of Kubernetes, which ignores it: Cilium's hosts are regular expressions.
    const errors = error.errors.filter((each) => each.params?.format !== 'idn-hostname');
    return errors.map((each) => `${each.instancePath || '/'} ${each.message}`);
  }
}

port.on('message', async (manifests) => {
  let answer;
  try {
    answer = { results: await Promise.all(manifests.map(errorsOf)) };
  } catch (error) {
    answer = { failure: String(error?.stack ?? error) };
  }
  port.postMessage(answer);
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
});
