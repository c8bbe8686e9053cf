/* eslint-disable @typescript-eslint/no-require-imports -- loaded when asked for: the program must start at once */

export const ACTIONS = {
  list: () => (require('./list') as typeof import('./list')).list,
  explain: () => (require('./explain') as typeof import('./explain')).explain,
  describe: () => (require('./describe') as typeof import('./describe')).describe,
  reach: () => (require('./reach') as typeof import('./reach')).reach,
  diff: () => (require('./diff') as typeof import('./diff')).diff,
  check: () => (require('./check') as typeof import('./check')).check,
} as const;
