import { IConstruct } from 'constructs';

/**
 * What the library keeps for an app. It hangs on the root under a symbol of the global registry, so
 * that two copies of the library (an organisation's templates and the app's own) meet in one.
 */
export interface RootRecord {
  facts?: unknown;
  statements?: unknown;
}

const KEY = Symbol.for('cdk8s-netpol');

export function rootRecord(scope: IConstruct): RootRecord {
  const root = scope.node.root as IConstruct & { [KEY]?: RootRecord };
  if (!root[KEY]) { Object.defineProperty(root, KEY, { value: {}, enumerable: false }); }
  return root[KEY]!;
}
