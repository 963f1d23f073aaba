/** What an input takes or an output has. docs/inputs.md says what each word means. */
export type ValueType =
  | 'address'
  | 'age'
  | 'boolean'
  | 'choice'
  | 'duration'
  | 'fingerprint'
  | 'host'
  | 'id'
  | 'JSON'
  | 'list'
  | 'map'
  | 'number'
  | 'object'
  | 'secret'
  | 'size'
  | 'text'
  | 'text or file';

export type ValueTypes = Readonly<Record<string, ValueType>>;

const connection: ValueTypes = {
  'vcenter-server': 'host',
  username: 'text',
  password: 'secret',
  'ca-certificate': 'text or file',
  'certificate-fingerprint': 'fingerprint',
  insecure: 'boolean',
};

/** By action. action.yml cannot say it: to GitHub every input is a text. */
export const inputTypes = {
  clone: {
    ...connection,
    source: 'object',
    'clone-type': 'choice',
    snapshot: 'text',
    name: 'text',
    datacenter: 'object',
    folder: 'object',
    'resource-pool': 'object',
    cluster: 'object',
    host: 'object',
    datastore: 'object',
    'disks-to-remove': 'list',
    'disks-to-update': 'map',
    'power-on': 'boolean',
    'cpu-count': 'number',
    memory: 'size',
    networks: 'map',
    'guest-customization-spec': 'text',
    'user-data': 'text or file',
    'meta-data': 'text or file',
    notes: 'text',
    guestinfo: 'map',
    tags: 'list',
    'if-exists': 'choice',
    timeout: 'duration',
    'poll-interval': 'duration',
    'wait-for-customization': 'boolean',
    'customization-timeout': 'duration',
    'wait-for-ip': 'boolean',
    'ip-timeout': 'duration',
    'ip-family': 'choice',
    'ip-cidr': 'list',
    'wait-for-port': 'list',
    'port-timeout': 'duration',
    teardown: 'choice',
    'validate-only': 'boolean',
    'job-status': 'text',
  },
  teardown: {
    ...connection,
    'vm-id': 'id',
    'vm-name': 'text',
    'task-id': 'id',
    folder: 'object',
    datacenter: 'object',
    'shutdown-timeout': 'duration',
    timeout: 'duration',
  },
  cleanup: {
    ...connection,
    folder: 'list',
    datacenter: 'object',
    'github-token': 'secret',
    'pull-request': 'number',
    'keep-while-open': 'boolean',
    grace: 'duration',
    'max-age': 'age',
    keep: 'list',
    limit: 'number',
    'dry-run': 'boolean',
    timeout: 'duration',
  },
} as const satisfies Readonly<Record<string, ValueTypes>>;

export const outputTypes = {
  clone: {
    'vm-id': 'id',
    'vm-name': 'text',
    'task-id': 'id',
    created: 'boolean',
    'power-state': 'text',
    'ip-address': 'address',
    'ip-addresses': 'JSON',
    'clone-spec': 'JSON',
    timings: 'JSON',
  },
  teardown: { deleted: 'boolean', 'vm-id': 'id', 'vm-name': 'text' },
  cleanup: { found: 'number', deleted: 'number', kept: 'number', failed: 'number', vms: 'JSON' },
} as const satisfies Readonly<Record<keyof typeof inputTypes, ValueTypes>>;
