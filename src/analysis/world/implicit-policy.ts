import { ANY } from '../../model/endpoint';
import { Origin, Policy, Rule } from '../../model/policy-set';
import { ALL_TRAFFIC } from '../../model/traffic';

/** A policy of no document; its origin names who does it, and where that is documented. */
export interface Implicit {
  readonly by: 'Kubernetes' | 'Cilium' | 'Calico' | 'AWS VPC CNI';
  readonly name: string;
  readonly source: string;
  readonly at?: string;
}

export const implicitPolicy = (implicit: Implicit, parts: Pick<Policy, 'direction' | 'stage' | 'subject' | 'isolates' | 'rules'>): Policy => ({
  origin: originOf(implicit),
  order: [],
  mode: 'enforce',
  ...parts,
});

export const implicitRule = (implicit: Implicit, action: Rule['action'], match: Partial<Rule['match']>): Rule => ({
  action,
  match: { source: ANY, destination: ANY, traffic: ALL_TRAFFIC, ...match },
  origin: originOf(implicit),
});

const originOf = ({ by, name, source, at }: Implicit): Origin => ({ apiVersion: source, kind: by, name, ...(at === undefined ? {} : { at }) });

/** Whether a policy is of no document, but what a CNI does on its own. */
export const isImplicit = ({ origin }: Pick<Policy, 'origin'>): boolean => origin.apiVersion.startsWith('https://');
