// What steps do once they have logged in. It is loaded then, as one: the start does not pay for it, and dist/ holds nothing twice.
export { cleanUp } from './cleanup/run.ts';
export { cloneInSession } from './clone/in-session.ts';
export { abortClone } from './recovery/abort.ts';
export { findVmToDelete } from './teardown/find-vm.ts';
