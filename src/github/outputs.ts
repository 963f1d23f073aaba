/** The outputs of the clone action, as action.yml lists them. */
export const cloneOutputs = [
  'vm-id',
  'vm-name',
  'task-id',
  'created',
  'power-state',
  'ip-address',
  'ip-addresses',
  'clone-spec',
  'timings',
] as const;

/** The outputs of the teardown action, as teardown/action.yml lists them. */
export const teardownOutputs = ['deleted', 'vm-id', 'vm-name'] as const;
