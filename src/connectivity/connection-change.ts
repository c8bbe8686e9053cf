/** What became of the connections between two ends. */
export enum ChangeType {
  /** Something passes, and nothing did. */
  ADDED = 'added',
  /** Something else passes than before. */
  CHANGED = 'changed',
  /** Nothing passes any more. */
  REMOVED = 'removed',
}

/** Two ends between which something else passes than before. */
export interface ConnectionChange {
  /** What became of it. */
  readonly kind: ChangeType;
  /** Such as "shop/web[Deployment]", or "203.0.113.0-203.0.113.255[External]". */
  readonly source: string;
  /** As the source. */
  readonly destination: string;
  /** Such as "TCP 80,443" or "No Connections". */
  readonly before: string;
  /** As before. */
  readonly after: string;
  /** Whether something passes that did not, or may. */
  readonly opens: boolean;
  /** Whether something passes no more, or may not. */
  readonly closes: boolean;
}
