/** What applies the manifests, where it needs to be told their order. */
export enum GitOps {
  /** Objects are applied in the order in which they are written, as `kubectl apply` does. */
  NONE = 'none',
  /**
   * Argo CD: the order is annotated as sync waves, all before 0: namespaces, tiers, what allows, default denies.
   * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
   */
  ARGO_CD = 'argocd',
}

/** The steps in which objects are applied. */
export type ApplyStep = 'namespace' | 'tier' | 'policy' | 'default-deny';

const WAVES: Readonly<Record<ApplyStep, number>> = { 'namespace': -40, 'tier': -30, 'policy': -20, 'default-deny': -10 };

export function orderAnnotations(gitOps: GitOps, step: ApplyStep): Record<string, string> {
  return gitOps === GitOps.ARGO_CD ? { 'argocd.argoproj.io/sync-wave': String(WAVES[step]) } : {};
}
