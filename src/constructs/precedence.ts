/** How a deny stands to what policies allow. */
export enum Precedence {
  /** The deny wins over every policy of a namespace that allows. */
  BEFORE = 'before',
  /**
   * The deny holds only where no policy isolates the pods in that direction, or one that does leaves the connection to others. Needs a baseline: Calico, or a CNI
   * that enforces ClusterNetworkPolicy.
   */
  AFTER = 'after',
}
