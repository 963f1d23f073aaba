import { DescribedError } from '../../text/described-error.ts';
import type { PowerState } from '../../vcenter/vm.ts';

/** What a VM can be waited for. */
export type WaitedFor = 'customization' | 'address' | 'port';

const CONSEQUENCES: Readonly<Record<WaitedFor, { readonly title: string; readonly text: string }>> = {
  customization: { title: 'The customization failed', text: 'its guest is never customized' },
  address: { title: 'No address', text: 'its guest never reports an address' },
  port: { title: 'No open port', text: 'no port of its guest accepts a connection' },
};

/** What the errors of all waits say besides. */
export interface WaitAdvice {
  /** Whether somebody asked for the VM to be on: then it is new, and goes where it does not become ready. */
  readonly isMeantToBeOn: boolean;
  /** What to do in order not to wait for it, as a clause: `set 'wait-for-ip' to false`. */
  readonly waitForLess: string;
}

/** How to get hold of a VM that did not become ready; undefined for one that stays. */
export function howToKeep({ isMeantToBeOn, waitForLess }: WaitAdvice): string | undefined {
  return isMeantToBeOn
    ? `To examine such a VM, ${waitForLess}, with 'teardown: never': then the step succeeds, and the VM stays until it is torn down.`
    : undefined;
}

/** The VM is off, or suspended, and stays so: it will never be ready. */
export class VmPoweredOffError extends DescribedError {
  override readonly name = 'VmPoweredOffError';
  readonly title: string;
  readonly vm: string;
  readonly powerState: PowerState;
  /** What happened and what to do about it, one sentence or more a line. */
  readonly text: string;

  constructor({
    vm,
    powerState,
    waitedFor,
    ...advice
  }: WaitAdvice & {
    readonly vm: string;
    readonly powerState: PowerState;
    readonly waitedFor: WaitedFor;
  }) {
    super(`${vm} is ${powerState}`);
    this.vm = vm;
    this.powerState = powerState;
    const { title, text } = CONSEQUENCES[waitedFor];
    this.title = title;
    const whatToDo =
      howToKeep(advice) === undefined
        ? `Power it on first, or ${advice.waitForLess}.`
        : `It was to be on: its events in vCenter say what switched it off or keeps it off.\n${howToKeep(advice)}`;
    this.text = `${vm} is ${powerState}, so ${text}.\n${whatToDo}`;
  }
}
