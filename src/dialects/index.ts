import { calico } from './calico';
import { cilium } from './cilium';
import { DialectId, DialectModule } from './dialect';
import { kubernetes } from './kubernetes';

const DIALECTS: Readonly<Record<DialectId, DialectModule>> = { kubernetes, cilium, calico };

export const ALL_DIALECTS: readonly DialectModule[] = Object.values(DIALECTS);

export const dialectModule = (id: DialectId): DialectModule => DIALECTS[id];
