/**
 * What is sent, where that decides: one HTTP request, one question to DNS, or one TLS handshake. What is left out is not known, and
 * an answer that depends on it is unknown or partial.
 */
export interface FlowRequest {
  /**
   * The method of an HTTP request, such as "GET".
   * @default - not known
   */
  readonly method?: string;
  /**
   * The path of an HTTP request, exactly, with its query.
   * @default - not known
   */
  readonly path?: string;
  /**
   * The host that an HTTP request asks for.
   * @default - not known
   */
  readonly host?: string;
  /**
   * All headers of an HTTP request.
   * @default - not known
   */
  readonly headers?: { [name: string]: string };
  /**
   * The name that a DNS request asks for, such as "api.example.com".
   * @default - not known
   */
  readonly dnsName?: string;
  /**
   * The server name (SNI) of a TLS handshake.
   * @default - not known
   */
  readonly serverName?: string;
}
