import { EndpointExpr, LabelRequirement, LabelScope, selectorExpr } from '../model/endpoint';
import { labelKeyProblem, labelValueProblem, NAMESPACE_NAME } from '../model/labels';

/**
 * One requirement on a label, beyond equality.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#set-based-requirement
 */
export class LabelExpression {
  /**
   * The label has one of the values.
   * @throws when the key or a value is not valid, or there is no value
   */
  public static oneOf(key: string, ...values: string[]): LabelExpression {
    return new LabelExpression({ key, operator: 'In', values });
  }

  /**
   * The label has none of the values; also true where the label is absent.
   * @throws when the key or a value is not valid, or there is no value
   */
  public static noneOf(key: string, ...values: string[]): LabelExpression {
    return new LabelExpression({ key, operator: 'NotIn', values });
  }

  /**
   * The label is there, with any value.
   * @throws when the key is not valid
   */
  public static exists(key: string): LabelExpression {
    return new LabelExpression({ key, operator: 'Exists' });
  }

  /**
   * The label is not there.
   * @throws when the key is not valid
   */
  public static doesNotExist(key: string): LabelExpression {
    return new LabelExpression({ key, operator: 'DoesNotExist' });
  }

  private constructor(
    /** @internal */
    public readonly _requirement: LabelRequirement,
  ) {
    const { key, operator, values } = _requirement;
    const problem = labelKeyProblem(key) ?? (values ?? []).map(value => labelValueProblem(key, value)).find(found => found !== undefined);
    if (problem) { throw new Error(problem); }
    if (values?.length === 0) { throw new Error(`label ${JSON.stringify(key)}: ${operator} needs at least one value`); }
  }

  /** Such as "tier In (web, api)". */
  public toString(): string {
    const { key, operator, values } = this._requirement;
    return `${key} ${operator}${values ? ` (${values.join(', ')})` : ''}`;
  }
}

/** A selection by labels. Everything that is stated must hold; nothing stated selects all. */
export interface LabelSelection {
  /**
   * Labels with their values.
   * @default - no label must have a given value
   */
  readonly labels?: { [key: string]: string };
  /**
   * Further requirements.
   * @default - none
   */
  readonly expressions?: LabelExpression[];
}

/**
 * The selection as an expression over the labels in `of`.
 * @throws when a key or a value is not valid, or pods are selected by the label of namespaces
 */
export function selectionExpr(of: LabelScope, { labels = {}, expressions = [] }: LabelSelection): EndpointExpr {
  for (const [key, value] of Object.entries(labels)) {
    const problem = labelKeyProblem(key) ?? labelValueProblem(key, value);
    if (problem) { throw new Error(problem); }
  }
  if (of === 'pod' && [...Object.keys(labels), ...expressions.map(({ _requirement: { key } }) => key)].includes(NAMESPACE_NAME)) {
    throw new Error(`label ${NAMESPACE_NAME} is on namespaces, never on pods, and would select none; say namespaces: Namespaces.named(...)`);
  }
  return selectorExpr(of, { matchLabels: labels, matchExpressions: expressions.map(expression => expression._requirement) });
}
