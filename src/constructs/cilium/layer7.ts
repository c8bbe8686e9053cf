/** What happens to a request whose header does not match. */
export enum CiliumHeaderMismatch {
  /** It passes, and is logged. */
  LOG = 'LOG',
  /** It passes with the header added. */
  ADD = 'ADD',
  /** It passes without the header. */
  DELETE = 'DELETE',
  /** It passes with the header replaced. */
  REPLACE = 'REPLACE',
}

/** A header, and what it must hold. */
export interface CiliumHeaderMatch {
  /** The name of the header. */
  readonly name: string;
  /**
   * The exact value.
   * @default - of a Secret, or any value as long as the header is there
   */
  readonly value?: string;
  /**
   * The name of a Secret that holds the value.
   * @default - the value is stated, or any
   */
  readonly secretName?: string;
  /**
   * The namespace of the Secret.
   * @default - the agent's namespace for secrets
   */
  readonly secretNamespace?: string;
  /**
   * What happens to a request that does not match.
   * @default - it is denied
   */
  readonly mismatch?: CiliumHeaderMismatch;
}

/**
 * HTTP requests. Everything that is stated must hold. Path, method and host are patterns (RE2) of the whole text: `/public` is that path
 * only, without even a query; what is below it is `/public/.*`.
 * @see https://docs.cilium.io/en/stable/security/policy/language/#http
 */
export interface CiliumHttpRule {
  /**
   * The path with the query, as a pattern of all of it.
   * @default - every path
   */
  readonly path?: string;
  /**
   * The method, as a pattern of all of it, such as `GET|HEAD`.
   * @default - every method
   */
  readonly method?: string;
  /**
   * The host with its port, as a pattern of all of it.
   * @default - every host
   */
  readonly host?: string;
  /**
   * Headers that must be there: `X-Token: value` with that value, `X-Token` with any.
   * @default - none
   */
  readonly headers?: string[];
  /**
   * Headers with a Secret, or with another answer than a denial.
   * @default - none
   */
  readonly headerMatches?: CiliumHeaderMatch[];
}

/** Kafka requests, for Cilium before 1.20. Everything that is stated must hold. */
export interface CiliumKafkaRule {
  /**
   * `produce` or `consume`, not together with `apiKey`.
   * @default - every role
   */
  readonly role?: string;
  /**
   * The kind of request.
   * @default - every kind
   */
  readonly apiKey?: string;
  /**
   * The version of the request.
   * @default - every version
   */
  readonly apiVersion?: string;
  /**
   * The client's id.
   * @default - every client
   */
  readonly clientId?: string;
  /**
   * The topic.
   * @default - every topic
   */
  readonly topic?: string;
}
