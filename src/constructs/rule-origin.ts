import { Origin } from '../model/policy-set';

/** The text of a rule is for messages, and most rules need none. */
export class RuleOrigin implements Origin {
  public readonly apiVersion: string;
  public readonly kind: string;
  public readonly namespace?: string;
  public readonly name: string;
  public readonly at?: string;

  public constructor(policy: Origin, private readonly text: () => string) {
    this.apiVersion = policy.apiVersion;
    this.kind = policy.kind;
    this.namespace = policy.namespace;
    this.name = policy.name;
    this.at = policy.at;
  }

  public get part(): string {
    return this.text();
  }
}
