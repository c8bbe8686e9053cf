import { LabelSelection, selectionExpr } from './label-expression';
import { anyOf, ANY, EndpointExpr, inNamespace } from '../model/endpoint';
import { dnsLabelProblem } from '../model/labels';

/** A set of namespaces. */
export class Namespaces {
  /**
   * Namespaces by name.
   * @throws when there is none, or a name is not valid
   */
  public static named(...names: string[]): Namespaces {
    if (names.length === 0) { throw new Error('no namespaces are named, which never means all of them; name at least one, or say Namespaces.all()'); }
    for (const name of names) {
      const problem = dnsLabelProblem('namespace', name);
      if (problem) { throw new Error(problem); }
    }
    return new Namespaces(() => anyOf(...names.map(inNamespace)), names.join(', '));
  }

  /**
   * Namespaces by their labels. Whoever may set a namespace's labels decides who is meant; by name is safer.
   * @throws when nothing is stated, or a label is not valid
   */
  public static labeled(selection: LabelSelection): Namespaces {
    const expr = selectionExpr('namespace', selection);
    if ('any' in expr) { throw new Error('no namespace labels are stated, which never means all namespaces; state some, or say Namespaces.all()'); }
    return new Namespaces(() => expr, `labeled ${JSON.stringify(selection.labels ?? {})} ${(selection.expressions ?? []).join(', ')}`.trim());
  }

  /** Every namespace of the cluster. */
  public static all(): Namespaces {
    return new Namespaces(() => ANY, '(all)');
  }

  /** The namespace of the policy's own pods. */
  public static same(): Namespaces {
    return new Namespaces(own => {
      if (own === undefined) { throw new Error('Namespaces.same() means nothing in a cluster-wide policy; name the namespaces'); }
      return inNamespace(own);
    }, '(same)');
  }

  private constructor(
    /**
     * The namespaces as an expression, seen from a policy in namespace `own`.
     * @internal
     */
    public readonly _expr: (own: string | undefined) => EndpointExpr,
    private readonly text: string,
  ) {}

  /** Such as "shop, monitoring"; what is not a list of names is in parentheses or has spaces, which no name has. */
  public toString(): string {
    return this.text;
  }
}
