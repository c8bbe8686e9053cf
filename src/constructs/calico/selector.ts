import { ALL, every, has, negate, oneOf, parseSelector, Selector, some } from '../../dialects/calico/selector';
import { printSelector } from '../../dialects/calico/selector-printer';

/**
 * A selector in Calico's language, over the labels of endpoints, or of namespaces or service accounts where a field says so.
 * Written in one form, however it was stated.
 *
 * @see https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#selectors
 */
export class CalicoSelector {
  /**
   * The selector that a text states, such as `app == 'web' && has(tier)`.
   * @throws with the position when it is not a selector
   */
  public static parse(text: string): CalicoSelector {
    if (text.trim() === '') { throw new Error('a selector without text would be every endpoint; say CalicoSelector.all()'); }
    return new CalicoSelector(parseSelector(text));
  }

  /**
   * The label has one of the values.
   * @throws when the label is not valid, or there is no value
   */
  public static oneOf(label: string, ...values: string[]): CalicoSelector {
    if (values.length === 0) { throw new Error(`label ${JSON.stringify(label)}: a set without values matches nothing; state at least one`); }
    return new CalicoSelector(oneOf(key(label), values));
  }

  /**
   * The label has none of the values; also true where the label is absent.
   * @throws when the label is not valid, or there is no value
   */
  public static noneOf(label: string, ...values: string[]): CalicoSelector {
    return CalicoSelector.oneOf(label, ...values).negated();
  }

  /**
   * The label is there, with any value.
   * @throws when the label is not valid
   */
  public static exists(label: string): CalicoSelector {
    return new CalicoSelector(has(key(label)));
  }

  /**
   * The label is not there.
   * @throws when the label is not valid
   */
  public static doesNotExist(label: string): CalicoSelector {
    return CalicoSelector.exists(label).negated();
  }

  /**
   * The value of the label contains a text.
   * @throws when the label is not valid
   */
  public static contains(label: string, text: string): CalicoSelector {
    return new CalicoSelector({ label: key(label), op: 'contains', values: [text] });
  }

  /**
   * The value of the label begins with a text.
   * @throws when the label is not valid
   */
  public static startsWith(label: string, text: string): CalicoSelector {
    return new CalicoSelector({ label: key(label), op: 'startsWith', values: [text] });
  }

  /**
   * The value of the label ends with a text.
   * @throws when the label is not valid
   */
  public static endsWith(label: string, text: string): CalicoSelector {
    return new CalicoSelector({ label: key(label), op: 'endsWith', values: [text] });
  }

  /**
   * All of the selectors hold.
   * @throws when there is none
   */
  public static allOf(...selectors: CalicoSelector[]): CalicoSelector {
    return new CalicoSelector(every(atLeastOne(selectors)));
  }

  /**
   * One of the selectors holds.
   * @throws when there is none
   */
  public static anyOf(...selectors: CalicoSelector[]): CalicoSelector {
    return new CalicoSelector(some(atLeastOne(selectors)));
  }

  /** Every endpoint; of namespaces, everything that is in one. */
  public static all(): CalicoSelector {
    return new CalicoSelector(ALL);
  }

  /** `global()`: what is in no namespace. It may only stand alone, as the namespaceSelector of a rule. */
  public static globalOnly(): CalicoSelector {
    return new CalicoSelector({ global: true });
  }

  private readonly text: string;

  private constructor(private readonly selector: Selector) {
    // Now, so that a value that cannot be written is reported where it is stated.
    this.text = printSelector(selector);
  }

  /** The opposite. */
  public negated(): CalicoSelector {
    return new CalicoSelector(negate(this.selector));
  }

  /** The selector as Calico reads it. */
  public toString(): string {
    return this.text;
  }

  /** @internal */
  public get _selector(): Selector {
    return this.selector;
  }
}

function key(label: string): string {
  if (!/^[a-zA-Z0-9_./-]{1,512}$/.test(label)) { throw new Error(`label ${JSON.stringify(label)} cannot stand in a selector: use letters, digits, "_", ".", "/" and "-"`); }
  return label;
}

function atLeastOne(selectors: readonly CalicoSelector[]): Selector[] {
  if (selectors.length === 0) { throw new Error('no selectors are stated, which never means all or none; state at least one'); }
  return selectors.map(({ _selector: selector }) => selector);
}
