/** A rule for clients of VI/JSON that a server must give them reason to keep, and the tests of the simulator that show it. */
export interface ServerRule {
  /** As the client's tests number them. */
  readonly number: number;
  readonly rule: string;
  /** In test/unit/simulator. */
  readonly tests: readonly string[];
}

const SESSION = 'vi-json-session.test.ts';
const REQUESTS = 'vi-json-requests.test.ts';
const FIND = 'vi-json-find.test.ts';
const CLONE = 'vi-json-clone.test.ts';
const TASKS = 'vi-json-tasks.test.ts';
const VM = 'vi-json-vm.test.ts';
const FAULTS = 'vi-json-faults.test.ts';

export const serverRules: readonly ServerRule[] = [
  { number: 1, rule: 'a release that the server does not have', tests: [SESSION] },
  { number: 2, rule: 'the anonymous probe, and servers without VI/JSON', tests: [SESSION] },
  { number: 4, rule: 'sessions of one API that are, or are not, sessions of the other', tests: [SESSION] },
  { number: 5, rule: 'two sessions, two tokens', tests: [SESSION] },
  { number: 6, rule: 'expiry, and a host that says the same', tests: [FAULTS, FIND, SESSION] },
  { number: 8, rule: '_typeName first in every nested object', tests: [REQUESTS] },
  { number: 9, rule: 'answers with boxes and without types', tests: [FAULTS, FIND] },
  { number: 10, rule: 'boxed primitives', tests: [REQUESTS] },
  { number: 11, rule: 'null, an empty body, 204', tests: [FIND] },
  { number: 12, rule: 'a 500 is a fault', tests: [FAULTS] },
  { number: 13, rule: 'a 500 with XML', tests: [SESSION] },
  { number: 15, rule: 'escaped names', tests: [FIND] },
  { number: 16, rule: 'numbers for devices', tests: [FIND] },
  { number: 18, rule: 'paths, to whatever is there', tests: [FIND] },
  { number: 19, rule: 'views', tests: [FIND] },
  { number: 20, rule: 'config.template, and no config', tests: [FIND] },
  { number: 21, rule: 'the end of views', tests: [FIND] },
  { number: 22, rule: 'results in parts', tests: [FIND] },
  { number: 23, rule: 'a template needs a pool', tests: [CLONE, FIND] },
  { number: 24, rule: 'a template needs DeployTemplate', tests: [CLONE] },
  { number: 25, rule: 'which folder wins', tests: [CLONE] },
  { number: 26, rule: 'no host without DRS', tests: [CLONE] },
  { number: 27, rule: 'lost answers, recentTask', tests: [FAULTS, TASKS] },
  { number: 28, rule: 'a mark in extraConfig, and its privilege', tests: [CLONE] },
  { number: 29, rule: 'DuplicateName at once or in the task', tests: [CLONE, TASKS] },
  { number: 30, rule: 'configuration and power in one request', tests: [CLONE] },
  { number: 32, rule: 'keys that are dropped', tests: [VM] },
  { number: 33, rule: 'snapshot and createNewChildDiskBacking', tests: [CLONE] },
  { number: 34, rule: 'locators that make a copy in full', tests: [CLONE] },
  { number: 35, rule: 'no such snapshot, or none', tests: [CLONE, FIND] },
  { number: 36, rule: 'snapshots of one name', tests: [FIND] },
  { number: 38, rule: 'the clone alone is deleted', tests: [CLONE] },
  { number: 40, rule: 'instant: the source is on, and no template', tests: [CLONE] },
  { number: 41, rule: 'instant: what is refused', tests: [CLONE] },
  { number: 42, rule: "instant: the source's address at first", tests: [CLONE] },
  { number: 43, rule: 'guestinfo by config', tests: [CLONE] },
  { number: 44, rule: 'states of tasks', tests: [TASKS] },
  { number: 45, rule: 'progress that is absent', tests: [TASKS] },
  { number: 46, rule: 'results, boxed or not, and early ones', tests: [TASKS] },
  { number: 47, rule: 'errors, bare or wrapped', tests: [FAULTS, TASKS] },
  { number: 48, rule: 'tasks that are forgotten', tests: [TASKS] },
  { number: 49, rule: 'two kinds of ids', tests: [TASKS] },
  { number: 50, rule: 'cancel', tests: [TASKS] },
  { number: 55, rule: 'notes are replaced', tests: [CLONE, VM] },
];
