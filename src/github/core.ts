/** What this action uses of `@actions/core`; the entries hand the real one in. */
export type Core = Pick<
  typeof import('@actions/core'),
  | 'getInput'
  | 'setSecret'
  | 'setOutput'
  | 'saveState'
  | 'getState'
  | 'info'
  | 'debug'
  | 'isDebug'
  | 'notice'
  | 'warning'
  | 'error'
  | 'startGroup'
  | 'endGroup'
  | 'summary'
>;
