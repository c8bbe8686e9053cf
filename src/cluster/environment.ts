import { Cloud } from './cloud';
import type { ClusterFacts } from './cluster';
import { Cni } from './cni';
import { Dialect } from './dialect';
import { Dns } from './dns';
import { IngressController } from './ingress-controller';

/** Overrides the program's facts, so that one program serves several clusters. */
export const ENVIRONMENT_VARIABLE = 'CDK8S_NETPOL_CLUSTER';

const FACTS: Readonly<Record<string, (value: string) => Partial<ClusterFacts>>> = {
  cni: value => ({ cni: Cni.parse(value) }),
  dialect: value => ({ dialect: parseDialect(value) }),
  cloud: value => ({ cloud: Cloud.parse(value) }),
  dns: value => ({ dns: Dns.parse(value) }),
  ingress: value => ({ ingressController: IngressController.parse(value) }),
};

/**
 * The facts of the environment variable: `cni=cilium@1.18,cloud=aws`, with the keys cni, dialect, cloud, dns and ingress.
 * @throws when it is not understood
 */
export function factsFromEnvironment(): { readonly text: string; readonly facts: Partial<ClusterFacts> } | undefined {
  const text = process.env[ENVIRONMENT_VARIABLE]?.trim();
  if (!text) { return undefined; }
  let facts: Partial<ClusterFacts> = {};
  for (const part of text.split(',')) {
    const [key, ...value] = part.split('=');
    const name = key.trim();
    if (!Object.hasOwn(FACTS, name) || value.length !== 1) {
      throw new Error(`environment variable ${ENVIRONMENT_VARIABLE}: ${JSON.stringify(part)} is not understood; write KEY=VALUE separated by commas, with the keys ${Object.keys(FACTS).join(', ')}`);
    }
    try {
      facts = { ...facts, ...FACTS[name](value[0]) };
    } catch (error) {
      throw new Error(`environment variable ${ENVIRONMENT_VARIABLE}: ${(error as Error).message}`);
    }
  }
  return { text, facts };
}

function parseDialect(text: string): Dialect {
  const found = Object.values(Dialect).find(dialect => dialect === text.trim());
  if (!found) { throw new Error(`dialect ${JSON.stringify(text)} is not known; use one of ${Object.values(Dialect).join(', ')}`); }
  return found;
}
