/** How often a property is tried; NETPOL_RUNS=20 looks twenty times as hard. */
export const runs = (count: number): { numRuns: number } => ({ numRuns: Math.ceil(count * Number(process.env.NETPOL_RUNS ?? 1)) });
