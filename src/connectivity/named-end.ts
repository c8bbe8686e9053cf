import { IPeer, Peer } from '../constructs/peer';

/** An end of a question by its text. Only questions understand it: a policy selects by labels. */
export class NamedEnd implements IPeer {
  public constructor(public readonly text: string) {}

  public toPeer(): Peer {
    throw new Error(`${JSON.stringify(this.text)} is a name for questions, and a policy selects by labels; say Workload.of(...), Workload.external(...) or Peer.pods(...)`);
  }

  public toString(): string {
    return this.text;
  }
}
