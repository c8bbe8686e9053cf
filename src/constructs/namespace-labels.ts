import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { NAMESPACE_NAME } from '../model/labels';
import { Endpoint } from '../model/match';

/** What is known of every pod of a namespace: all labels of the namespace where the app holds it, its name where another one does. */
export interface PodsOfNamespace {
  (namespace: string): Endpoint;
}

export function podsOfNamespaces({ node: { root } }: IConstruct): PodsOfNamespace {
  let declared: Map<string, Readonly<Record<string, string>>> | undefined;
  return namespace => {
    const labels = (declared ??= declaredLabels(root)).get(namespace);
    return {
      kind: 'pod',
      namespace,
      namespaceLabels: { ...labels, [NAMESPACE_NAME]: namespace },
      ...(labels ? {} : { openLabels: ['namespace'] }),
    };
  };
}

const declaredLabels = (root: IConstruct): Map<string, Readonly<Record<string, string>>> => new Map(root.node.findAll()
  .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct))
  .filter(({ apiGroup, kind, name }) => apiGroup === 'core' && kind === 'Namespace' && typeof name === 'string')
  .map(({ name, metadata }) => [name, metadata.toJson()?.labels ?? {}]));
