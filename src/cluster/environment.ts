import { Cloud } from './cloud';
import type { ClusterFacts } from './cluster';
import { Cni } from './cni';
import { Dialect } from './dialect';
import { Distribution } from './distribution';
import { Dns } from './dns';
import { GitOps } from './git-ops';
import { IngressController } from './ingress-controller';
import { parseKubernetesVersion } from './kubernetes-version';
import { Mesh } from './mesh';
import { Monitoring } from './monitoring';
import { addonProblem } from './system-namespaces';
import { parseCidr } from '../model/cidr';

/** Overrides the program's facts, so that one program serves several clusters. */
export const ENVIRONMENT_VARIABLE = 'CDK8S_NETPOL_CLUSTER';

const FACTS: Readonly<Record<string, (value: string) => Partial<ClusterFacts>>> = {
  cni: value => ({ cni: Cni.parse(value) }),
  dialect: value => ({ dialect: parseDialect(value) }),
  cloud: value => ({ cloud: Cloud.parse(value) }),
  distribution: value => ({ distribution: Distribution.parse(value) }),
  dns: value => ({ dns: Dns.parse(value) }),
  kubernetes: value => ({ kubernetes: parseKubernetesVersion(value) }),
  gitops: value => ({ gitOps: parseGitOps(value) }),
  ingress: value => ({ ingressController: IngressController.parse(value) }),
  mesh: value => ({ mesh: Mesh.parse(value) }),
  monitoring: value => ({ monitoring: Monitoring.parse(value) }),
  podCidrs: value => ({ podCidrs: rangesOf('podCidrs', value) }),
  nodeCidrs: value => ({ nodeCidrs: rangesOf('nodeCidrs', value) }),
  serviceCidrs: value => ({ serviceCidrs: rangesOf('serviceCidrs', value) }),
  apiServerCidrs: value => ({ apiServerCidrs: rangesOf('apiServerCidrs', value) }),
  addons: value => ({ addons: addonsOf(value) }),
  strict: value => ({ strict: parseStrict(value) }),
};

/**
 * The facts of the environment variable: `cni=cilium@1.18,cloud=aws`, with the keys of `FACTS`.
 * @throws when it is not understood
 */
export function factsFromEnvironment(): { readonly text: string; readonly facts: Partial<ClusterFacts> } | undefined {
  const text = process.env[ENVIRONMENT_VARIABLE]?.trim();
  if (!text) { return undefined; }
  let facts: Partial<ClusterFacts> = {};
  const given = new Set<string>();
  for (const part of text.split(',')) {
    const [key, ...value] = part.split('=');
    const name = key.trim();
    if (!Object.hasOwn(FACTS, name) || value.length !== 1) {
      throw new Error(`environment variable ${ENVIRONMENT_VARIABLE}: ${JSON.stringify(part)} is not understood; write KEY=VALUE separated by commas, with the keys ${Object.keys(FACTS).join(', ')}`);
    }
    if (given.has(name)) { throw new Error(`environment variable ${ENVIRONMENT_VARIABLE}: ${name} is given twice; give it once`); }
    given.add(name);
    try {
      facts = { ...facts, ...FACTS[name](value[0]) };
    } catch (error) {
      throw new Error(`environment variable ${ENVIRONMENT_VARIABLE}: ${(error as Error).message}`);
    }
  }
  return { text, facts };
}

/** Joined by "+", as everything of which there may be several; nothing: none. */
const listOf = (text: string): string[] => (text.trim() === '' ? [] : text.split('+').map(part => part.trim()));

function rangesOf(fact: string, text: string): string[] {
  try { return listOf(text).map(parseCidr); } catch (error) { throw new Error(`${fact}: ${(error as Error).message}`); }
}

function addonsOf(text: string): string[] {
  const addons = listOf(text);
  const problem = addonProblem(addons);
  if (problem) { throw new Error(`addons: ${problem}`); }
  return addons;
}

const parseStrict = (text: string): boolean => oneOf('strict', text, ['true', 'false']) === 'true';

const parseDialect = (text: string): Dialect => oneOf('dialect', text, Object.values(Dialect));
const parseGitOps = (text: string): GitOps => oneOf('GitOps tool', text, Object.values(GitOps));

function oneOf<T extends string>(what: string, text: string, known: readonly T[]): T {
  const found = known.find(candidate => candidate === text.trim());
  if (found === undefined) { throw new Error(`${what} ${JSON.stringify(text)} is not known; use one of ${known.join(', ')}`); }
  return found;
}
