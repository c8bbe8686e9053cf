/** Ports of one end of a rule. Numbers need the rule's protocol. */
export class CalicoPort {
  /**
   * One port.
   * @throws when it is not 1 to 65535
   */
  public static number(port: number): CalicoPort {
    checkPort(port);
    return new CalicoPort(port);
  }

  /**
   * The ports from `first` to `last`, with both.
   * @throws when one is not 1 to 65535, or they are in the wrong order
   */
  public static range(first: number, last: number): CalicoPort {
    checkPort(first);
    checkPort(last);
    if (last < first) { throw new Error(`port range ${first} to ${last} ends before it begins; swap them`); }
    return new CalicoPort(first === last ? first : `${first}:${last}`);
  }

  /**
   * The port of that name of each pod.
   * @throws when it is no name, or looks like a number or a range
   */
  public static named(name: string): CalicoPort {
    if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(name)) { throw new Error(`port name ${JSON.stringify(name)} is invalid: use up to 128 letters, digits, "_", "." and "-"`); }
    if (/^[0-9]+([-:][0-9]+)?$/.test(name)) { throw new Error(`port name ${JSON.stringify(name)} is a number or a range, and Calico would look for a port of that name; say CalicoPort.number(...) or CalicoPort.range(...)`); }
    return new CalicoPort(name);
  }

  private constructor(
    /** @internal */
    public readonly _value: number | string,
  ) {}

  /** Such as "8080", "8000:8080" or "http". */
  public toString(): string {
    return String(this._value);
  }
}

function checkPort(port: number): void {
  if (!Number.isInteger(port) || port < 1 || port > 65535) { throw new Error(`port ${JSON.stringify(port)} is not in 1 to 65535`); }
}
