// What steps do once they have logged in. It is loaded then, as one: the start does not pay for it, and dist/ holds nothing twice.
export { cleanUp } from './actions/cleanup/run.ts';
export { cloneInSession } from './actions/clone/in-session.ts';
export { abortClone } from './actions/recovery/abort.ts';
export { findVmToDelete } from './actions/teardown/find-vm.ts';
