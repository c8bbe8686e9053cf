/** A CiliumLocalRedirectPolicy: traffic to a Service or an address goes to pods of the own node. */
export interface Redirect {
  readonly namespace: string;
  readonly name: string;
  /** Absent: it is stated by address. */
  readonly service?: string;
  readonly address?: string;
  readonly at: string;
}
