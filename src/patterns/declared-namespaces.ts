import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';

/** The names of the Namespace objects that an app holds now, sorted. */
export const declaredNamespaces = ({ node: { root } }: IConstruct): string[] => [...new Set(root.node.findAll()
  .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct))
  .filter(({ apiGroup, kind, name }) => apiGroup === 'core' && kind === 'Namespace' && typeof name === 'string')
  .map(({ name }) => name))].sort();
