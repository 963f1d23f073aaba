/** Where a rule of VI/JSON is kept: by the client, and tested in these files of test/unit/vcenter, or by what uses it. */
export interface Rule {
  readonly number: number;
  readonly rule: string;
  readonly tests: readonly string[];
  /** What is left to the actions and to the documentation. */
  readonly elsewhere?: string;
}

const SESSION = 'vi-json/session.test.ts';
const DATA = 'vi-json/data.test.ts';
const FIND = 'vi-json/find-vm.test.ts';
const VM = 'vi-json/vm.test.ts';
const CLONE = 'vi-json/clone.test.ts';
const TASKS = 'vi-json/tasks.test.ts';
const FAULT = 'transport/fault.test.ts';

const inActions = 'the clone action, which knows the inputs';
const inDocs = 'the documentation';

const RULES: readonly (readonly [rule: string, tests: readonly string[], elsewhere?: string])[] = [
  // Version and session
  ['the release 8.0.1.0 for everything', [SESSION]],
  ['one anonymous probe; anything but a session manager means no VI/JSON', [SESSION], inActions],
  ['not one request more where VI/JSON is not needed', [SESSION], inActions],
  ['the token of the REST API first, then a login whose token is in the header', [SESSION]],
  ['two sessions to end, two tokens to mask', [SESSION]],
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
  ['what REST does not know may be a template', [], inActions],
  ['paths by the search index; the type is checked', [FIND]],
  ['a bare name by a view; several are told with ids and paths', [FIND]],
  ['config.template decides; unset means inaccessible', [VM]],
  ['views are destroyed', [FIND]],
  ['RetrieveOptions always; tokens are followed', [FIND]],
  // Clone
  ['a template needs a pool: from pool, cluster or host', [VM], inActions],
  ['a template needs DeployTemplate', [CLONE, FAULT], inActions],
  ['the folder as a parameter; of an instant clone in the location', [CLONE]],
  ['a cluster without DRS needs a host', [], inActions],
  ['a clone request is never sent twice', [CLONE, TASKS], inActions],
  ['a mark only where the configuration is changed by guestinfo', [CLONE]],
  ['DuplicateName at once or in the task, and whose the name is', [CLONE, TASKS], inActions],
  ['configuration and power in one request', [CLONE], inActions],
  ['what fails after the clone leaves a VM', [], inActions],
  ['guestinfo is read back by its keys', [CLONE], inActions],
  // Linked
  ['snapshot and createNewChildDiskBacking together or not at all', [CLONE]],
  ['no locators of single disks', [CLONE]],
  ['no snapshot is an error; none is made', [VM], inActions],
  ['a name that fits several snapshots', [VM], inActions],
  ['no growth and no datastore of single disks', [], inActions],
  ['the clone alone is deleted', [], inActions],
  ['the snapshot must outlive its clones', [], inDocs],
  // Instant
  ['the source is on, and no template', [VM], inActions],
  ['nothing but name, placement and guestinfo', [CLONE], inActions],
  ["the address may be the source's at first", [], inActions],
  ['guestinfo by config', [CLONE]],
  // Task
  ['success and error alone end a task', [TASKS]],
  ['progress may be absent or jump', [TASKS]],
  ['the result is a VM, boxed or not, and not the source', [TASKS]],
  ['the error is a fault, bare or wrapped', [TASKS, FAULT]],
  ['a task that is not found any more is forgotten', [TASKS]],
  ["the id's kind is told from the id", [TASKS]],
  ['cancel is a request', [TASKS]],
  ['a long poll is no more than an addition', [], 'nothing: there is none'],
  ['an outstanding long poll is aborted', [], 'nothing: there is none'],
  // Settings and tags
  ['values of guestinfo are secrets', [CLONE], inActions],
  ['user data with its encoding', [], 'nothing: user data goes by the REST API'],
  ['notes are replaced', [CLONE]],
  ['tags by their ids', [], 'the REST API'],
  ['networks by the REST API', [], 'the REST API'],
];

export const rules: readonly Rule[] = RULES.map(([rule, tests, elsewhere], index) => ({
  number: index + 1,
  rule,
  tests,
  ...(elsewhere === undefined ? {} : { elsewhere }),
}));
