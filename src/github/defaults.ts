// Written by scripts/defaults.ts from the metadata of the actions.

/**
 * What an input counts as when it is given as an empty string, as `${{ inputs.timeout }}` of a reusable workflow often is:
 * the runner fills in the defaults only for inputs that are not there at all.
 */
export const cloneDefaults = {
  insecure: 'false',
  'clone-type': 'full',
  'power-on': 'true',
  'if-exists': 'fail',
  timeout: '30m',
  'wait-for-customization': 'true',
  'customization-timeout': '10m',
  'wait-for-ip': 'false',
  'ip-timeout': '5m',
  'ip-family': 'any',
  'port-timeout': '5m',
  teardown: 'never',
  'validate-only': 'false',
} as const;

export const teardownDefaults = {
  insecure: 'false',
  'shutdown-timeout': '0',
  timeout: '10m',
} as const;

export const cleanupDefaults = {
  insecure: 'false',
  'keep-while-open': 'true',
  grace: '1h',
  limit: '10',
  'dry-run': 'true',
  timeout: '30m',
} as const;
