/** The annotation of a policy that may let through more than was stated. */
export const WIDER = 'cdk8s-netpol/wider-than-stated';
