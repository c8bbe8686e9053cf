import { testAgreement } from './worlds/agreement-tests';
import { OF_KUBERNETES } from './worlds/mistakes';
import { KUBERNETES } from './worlds/places';

testAgreement(KUBERNETES, 0, OF_KUBERNETES);
