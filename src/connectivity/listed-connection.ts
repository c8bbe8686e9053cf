/** One line of the list of connections. */
export class ListedConnection {
  /** @internal */
  public constructor(
    /** Such as "shop/web[Deployment]", or "203.0.113.0-203.0.113.255[External]". */
    public readonly source: string,
    /** As the source. */
    public readonly destination: string,
    /** Such as "TCP 80,443" or "All Connections"; "Some ..." where only some requests pass. */
    public readonly traffic: string,
  ) {}

  /** The line, such as "shop/web[Deployment] => shop/api[Deployment] : TCP 80,443". */
  public toString(): string {
    return `${this.source} => ${this.destination} : ${this.traffic}`;
  }
}
