/** One line of the list of connections. */
export interface ListedConnection {
  /** Such as "shop/web[Deployment]", or "203.0.113.0-203.0.113.255[External]". */
  readonly source: string;
  /** As the source. */
  readonly destination: string;
  /** Such as "TCP 80,443" or "All Connections"; "Some ..." where only some requests pass. */
  readonly traffic: string;
}
