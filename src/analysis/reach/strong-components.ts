/**
 * The largest groups of nodes that all reach each other, by the algorithm of Tarjan, without recursion.
 * @param edges of each node, the nodes that it leads to
 */
export function strongComponents(edges: readonly (readonly number[])[]): number[][] {
  const components: number[][] = [];
  const order = new Int32Array(edges.length).fill(-1);
  const lowest = new Int32Array(edges.length);
  const isOpen = new Uint8Array(edges.length);
  const open: number[] = [];
  let next = 0;
  for (let root = 0; root < edges.length; root++) {
    if (order[root] >= 0) { continue; }
    const trail: { readonly node: number; edge: number }[] = [];
    const enter = (node: number) => {
      order[node] = lowest[node] = next++;
      isOpen[node] = 1;
      open.push(node);
      trail.push({ node, edge: 0 });
    };
    enter(root);
    while (trail.length > 0) {
      const step = trail[trail.length - 1];
      const { node } = step;
      if (step.edge < edges[node].length) {
        const other = edges[node][step.edge++];
        if (order[other] < 0) { enter(other); } else if (isOpen[other]) { lowest[node] = Math.min(lowest[node], order[other]); }
        continue;
      }
      trail.pop();
      if (trail.length > 0) { lowest[trail[trail.length - 1].node] = Math.min(lowest[trail[trail.length - 1].node], lowest[node]); }
      if (lowest[node] === order[node]) { components.push(taken(open, node, isOpen)); }
    }
  }
  return components;
}

function taken(open: number[], last: number, isOpen: Uint8Array): number[] {
  const members = open.splice(open.lastIndexOf(last));
  for (const member of members) { isOpen[member] = 0; }
  return members;
}
