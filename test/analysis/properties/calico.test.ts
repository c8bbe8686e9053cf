import { testAgreement } from './worlds/agreement-tests';
import { OF_CALICO } from './worlds/mistakes';
import { CALICO } from './worlds/places';

testAgreement(CALICO, 50, OF_CALICO);
