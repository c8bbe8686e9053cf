/** An IP protocol. */
export class CalicoProtocol {
  /** TCP */
  public static readonly TCP = new CalicoProtocol('TCP');
  /** UDP */
  public static readonly UDP = new CalicoProtocol('UDP');
  /** SCTP */
  public static readonly SCTP = new CalicoProtocol('SCTP');
  /** UDP-Lite; no ports can be stated with it. */
  public static readonly UDP_LITE = new CalicoProtocol('UDPLite');
  /** ICMP of IPv4. */
  public static readonly ICMP = new CalicoProtocol('ICMP');
  /** ICMPv6 */
  public static readonly ICMPV6 = new CalicoProtocol('ICMPv6');

  /**
   * A protocol by its number.
   * @throws when it is not 1 to 255
   * @see https://www.iana.org/assignments/protocol-numbers
   */
  public static number(value: number): CalicoProtocol {
    if (!Number.isInteger(value) || value < 1 || value > 255) { throw new Error(`protocol ${JSON.stringify(value)} is not in 1 to 255`); }
    return new CalicoProtocol(Object.hasOwn(NAMES, value) ? NAMES[value] : value);
  }

  private constructor(
    /** @internal */
    public readonly _value: number | string,
  ) {}

  /** Its name, or its number. */
  public toString(): string {
    return String(this._value);
  }
}

/** One spelling for each. */
const NAMES: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6', 132: 'SCTP', 136: 'UDPLite' };
