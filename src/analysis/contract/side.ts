import { EndpointExpr } from '../../model/endpoint';

/** One side of a statement: any of these. */
export type Side = readonly End[];

export type End = NamedEnd | SelectedEnd;

/** By a text as `findParty` takes it, such as `shop/web` or `svc/shop/api:80`. */
export interface NamedEnd {
  readonly text: string;
  readonly name: string;
}

/** Everything that the expression selects. */
interface SelectedEnd {
  readonly text: string;
  readonly expr: EndpointExpr;
  /** Whether pods that it selects are known to be in the cluster though the input does not hold them, such as those of its DNS. */
  readonly elsewhere?: boolean;
}

export const sideText = (side: Side): string => side.map(({ text }) => text).join(' or ') || 'nobody';
