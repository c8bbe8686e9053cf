import { IConstruct } from 'constructs';

/** Whether a construct still hangs on its app: `tryRemoveChild` takes it, or what it stands in, out of the tree. */
export function isLive(construct: IConstruct): boolean {
  let child = construct;
  for (let parent = child.node.scope; parent; parent = child.node.scope) {
    if (parent.node.tryFindChild(child.node.id) !== child) { return false; }
    child = parent;
  }
  return true;
}
