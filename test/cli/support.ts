import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { run } from '../../src/cli/run';

/** One run of the program, without a process. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  /** Whether both outputs are a terminal. */
  readonly terminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export async function cli(argv: readonly string[], { stdin, terminal = false, env = {} }: RunOptions = {}): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const code = await run(argv, {
    stdout: { isTTY: terminal, write: text => { stdout += text; return Promise.resolve(); } },
    stderr: { isTTY: terminal, write: text => { stderr += text; return Promise.resolve(); } },
    stdin,
    env,
  });
  return { code, stdout, stderr };
}

const made: string[] = [];

/** A folder with these files; it is gone after the tests of the file. */
export function folder(files: Readonly<Record<string, string>>): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'netpol-'));
  made.push(root);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  return root;
}

afterAll(() => made.splice(0).forEach(root => fs.rmSync(root, { recursive: true, force: true })));

/** A workload of one container. */
export const deployment = (namespace: string, name: string, port?: number): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: main${port === undefined ? '' : `, ports: [{ name: http, containerPort: ${port} }]`} }] }
`;

export const namespace = (name: string): string => `---
apiVersion: v1
kind: Namespace
metadata: { name: ${name} }
`;

export const policy = (inNamespace: string, name: string, spec: string): string => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: ${inNamespace} }
spec:
${spec.trim().replace(/^/gm, '  ')}
`;

/** web may talk to api, api to database, and nobody else to anybody. */
export const SHOP: Readonly<Record<string, string>> = {
  'workloads.yaml': [namespace('shop'), deployment('shop', 'web', 80), deployment('shop', 'api', 8080), deployment('shop', 'database', 5432), `---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { selector: { app: api }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
`].join(''),
  'policies.yaml': [
    policy('shop', 'deny', 'podSelector: {}\npolicyTypes: [Ingress, Egress]'),
    policy('shop', 'web', `
podSelector: { matchLabels: { app: web } }
policyTypes: [Egress]
egress:
- to: [{ podSelector: { matchLabels: { app: api } } }]
  ports: [{ port: 8080 }]`),
    policy('shop', 'api', `
podSelector: { matchLabels: { app: api } }
policyTypes: [Ingress, Egress]
ingress:
- from: [{ podSelector: { matchLabels: { app: web } } }]
  ports: [{ port: 8080 }]
egress:
- to: [{ podSelector: { matchLabels: { app: database } } }]
  ports: [{ port: 5432 }]`),
    policy('shop', 'database', `
podSelector: { matchLabels: { app: database } }
policyTypes: [Ingress]
ingress:
- from: [{ podSelector: { matchLabels: { app: api } } }]
  ports: [{ port: 5432 }]`),
  ].join(''),
};
