import { calico } from './calico';
import { cilium } from './cilium';
import { clusterNetworkPolicy } from './cluster-network-policy';
import { DialectId, DialectModule } from './dialect';
import { istio } from './istio';
import { kubernetes } from './kubernetes';

const DIALECTS: Readonly<Record<DialectId, DialectModule>> = {
  kubernetes, cilium, calico, 'cluster-network-policy': clusterNetworkPolicy, istio,
};

export const ALL_DIALECTS: readonly DialectModule[] = Object.values(DIALECTS);

export const dialectModule = (id: DialectId): DialectModule => DIALECTS[id];
