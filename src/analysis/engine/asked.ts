import { CompiledEndpoint } from './compiled-endpoint';
import { Flow } from '../../model/match';
import { Traffic } from '../party';

/** One question. */
export class Asked {
  private made?: Flow;

  public constructor(public readonly source: CompiledEndpoint, public readonly destination: CompiledEndpoint, public readonly traffic: Traffic) {}

  public get flow(): Flow {
    return this.made ??= { ...this.traffic, source: this.source.endpoint, destination: this.destination.endpoint };
  }
}
