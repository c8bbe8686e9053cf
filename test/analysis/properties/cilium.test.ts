import { testAgreement } from './worlds/agreement-tests';
import { OF_CILIUM } from './worlds/mistakes';
import { CILIUM } from './worlds/places';

testAgreement(CILIUM, 50, OF_CILIUM);
