import { SourceDocument } from '../../../src/analysis/input/source-document';

/** Objects for tests of the world, as short as they can be stated. */

export type Json = Record<string, unknown>;

interface Options {
  readonly labels?: Record<string, string>;
  readonly owner?: readonly [kind: string, name: string];
  readonly spec?: Json;
  readonly status?: Json;
}

/** Each at a place of its own. */
export const documents = (...values: readonly unknown[]): SourceDocument[] => values.map((value, i) => ({ value, at: `world.yaml:${i + 1}` }));

const metadata = (place: string, labels: Record<string, string> | undefined, owner?: Options['owner']): Json => {
  const [name, namespace] = place.split('/').reverse();
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels ? { labels } : {}),
    ...(owner ? { ownerReferences: [{ apiVersion: 'v1', kind: owner[0], name: owner[1], controller: true }] } : {}),
  };
};

const CONTAINERS = [{ name: 'main', image: 'image', ports: [{ name: 'http', containerPort: 8080 }] }];

export const namespace = (name: string, labels: Record<string, string> = {}): Json =>
  ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

/** `place` is `namespace/name`. */
export const pod = (place: string, { labels, owner, spec, status }: Options = {}): Json =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: metadata(place, labels, owner), spec: { containers: CONTAINERS, ...spec }, ...(status ? { status } : {}) });

export const controller = (kind: string, place: string, { labels, owner, spec }: Options = {}, apiVersion: string = 'apps/v1'): Json => ({
  apiVersion,
  kind,
  metadata: metadata(place, undefined, owner),
  spec: { template: { metadata: { labels: labels ?? { app: place.split('/').pop()! } }, spec: { containers: CONTAINERS, ...spec } } },
});

export const deployment = (place: string, options?: Options): Json => controller('Deployment', place, options);

export const node = (name: string, { labels, spec, status }: Options = {}): Json =>
  ({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: labels ?? {} }, spec: spec ?? {}, status: status ?? {} });

export const service = (place: string, spec: Json): Json => ({ apiVersion: 'v1', kind: 'Service', metadata: metadata(place, undefined), spec });

export const networkPolicy = (place: string, spec: Json): Json =>
  ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: metadata(place, undefined), spec });
