/** A rule of VI/JSON, and where it is tested: the titles of these files of test/ begin with its number, `V8: `. */
export interface Rule {
  readonly number: number;
  readonly rule: string;
  readonly tests: readonly string[];
  /** Why there is nothing to test. */
  readonly unused?: string;
}

const SESSION = 'unit/vcenter/vi-json/session.test.ts';
const DATA = 'unit/vcenter/vi-json/data.test.ts';
const FIND = 'unit/vcenter/vi-json/find-vm.test.ts';
const VM = 'unit/vcenter/vi-json/vm.test.ts';
const CLONE = 'unit/vcenter/vi-json/clone.test.ts';
const TASKS = 'unit/vcenter/vi-json/tasks.test.ts';
const FAULT = 'unit/vcenter/transport/fault.test.ts';
const SCENARIO = 'scenarios/vi-json-clones.test.ts';
const MARK = 'scenarios/mark.test.ts';
const DOCS = 'docs/pages.test.ts';

const NO_LONG_POLL = 'tasks are polled, and nothing waits for a response that is not due';

const RULES: readonly (readonly [rule: string, tests: readonly string[], unused?: string])[] = [
  // Version and session
  ['the release 8.0.1.0 for everything', [SESSION]],
  ['one anonymous probe; anything but a session manager means no VI/JSON', [SESSION, SCENARIO]],
  ['not one request more where VI/JSON is not needed', [SESSION, SCENARIO]],
  ['the token of the REST API first, then a login whose token is in the header', [SESSION]],
  ['two sessions to end, two tokens to mask', [SESSION, SCENARIO]],
  ['one login per expiry; a host that refuses is no expiry', [SESSION, FAULT, TASKS]],
  ['the same server, and with it certificates and proxy', [SESSION]],
  // JSON
  ['_typeName first in every nested object', [DATA, CLONE]],
  ['not asked for in responses', [DATA, FIND, FAULT]],
  ['boxed primitives', [DATA]],
  ['null, an empty body and 204 are nothing', [DATA, SESSION, TASKS]],
  ['a 500 is a fault, and its name decides', [FAULT, TASKS, CLONE]],
  ['a 500 with XML or HTML is no fault, and is not shown whole', [FAULT]],
  ['unknown fields and faults are ignored', [FAULT, TASKS]],
  ['names are escaped', [FIND]],
  ['disk ids are numbers', [VM]],
  // Finding
  ['what REST does not know may be a template', [SCENARIO]],
  ['paths by the search index; the type is checked', [FIND]],
  ['a bare name by a view; several are told with ids and paths', [FIND]],
  ['config.template decides; unset means inaccessible', [VM, SCENARIO]],
  ['views are destroyed', [FIND]],
  ['RetrieveOptions always; tokens are followed', [FIND]],
  // Clone
  ['a template needs a pool: from pool, cluster or host', [VM, SCENARIO]],
  ['a template needs DeployTemplate', [CLONE, FAULT, SCENARIO]],
  ['the folder as a parameter; of an instant clone in the location', [CLONE]],
  ['a cluster without DRS needs a host, for what is to run', [SCENARIO]],
  ['a clone request is never sent twice', [CLONE, TASKS, SCENARIO]],
  ['a mark only where the configuration is changed by guestinfo', [CLONE, MARK]],
  ['DuplicateName at once or in the task, and whose the name is', [CLONE, TASKS, SCENARIO]],
  [
    'configuration in the same request; power last, where something is to be done in between',
    [CLONE, SCENARIO],
  ],
  ['what fails after the clone leaves a VM', [SCENARIO]],
  ['guestinfo is read back by its keys', [CLONE]],
  // Linked
  ['snapshot and createNewChildDiskBacking together or not at all', [CLONE, SCENARIO]],
  ['no locators of single disks', [CLONE]],
  ['no snapshot is an error; none is made', [VM, SCENARIO]],
  ['a name that fits several snapshots', [VM, SCENARIO]],
  ['no growth and no datastore of single disks', [SCENARIO]],
  ['the clone alone is deleted', [SCENARIO]],
  ['the snapshot must outlive its clones', [DOCS]],
  // Instant
  ['the source is on, and no template', [VM, SCENARIO]],
  ['nothing but name, placement and guestinfo', [CLONE, SCENARIO]],
  ["the address may be the source's at first", [SCENARIO]],
  ['guestinfo by config', [CLONE]],
  // Task
  ['success and error alone end a task', [TASKS]],
  ['progress may be absent or jump', [TASKS]],
  ['the result is a VM, boxed or not, and not the source', [TASKS]],
  ['the error is a fault, bare or wrapped', [TASKS, FAULT]],
  ['a task that is not found any more is forgotten', [TASKS]],
  ["the id's kind is told from the id", [TASKS]],
  ['cancel is a request', [TASKS]],
  ['a long poll is no more than an addition', [], NO_LONG_POLL],
  ['an outstanding long poll is aborted', [], NO_LONG_POLL],
  // Settings and tags
  ['values of guestinfo are secrets', [CLONE, SCENARIO]],
  ['user data with its encoding, in guestinfo; by the REST API it has none', [SCENARIO]],
  ['notes are replaced', [CLONE]],
  ['tags by their ids', [SCENARIO]],
  ['networks by the REST API', [SCENARIO]],
];

export const rules: readonly Rule[] = RULES.map(([rule, tests, unused], index) => ({
  number: index + 1,
  rule,
  tests,
  ...(unused === undefined ? {} : { unused }),
}));
