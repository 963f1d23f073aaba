import type { RefusedAddress } from '../../vcenter/address.ts';
import type { ToolsNotRunning } from '../../vcenter/guest.ts';
import type { GuestAddresses } from '../../vcenter/guest-addresses.ts';
import type { VmPoll } from './watch-vm.ts';

/** What the polls of a guest's addresses have shown until now. Times are the clock's milliseconds. */
export interface GuestHistory {
  /** VMware Tools: whether they ever ran, and whether they have been away since. */
  readonly tools: 'never ran' | 'run' | 'are away' | 'are back';
  /** The best usable address, and since when it has been the best without a break. */
  readonly best: { readonly address: string; readonly since: number } | undefined;
  /** As the guest last reported them. */
  readonly refused: readonly RefusedAddress[];
}

export function startHistory(tools: GuestHistory['tools']): GuestHistory {
  return { tools, best: undefined, refused: [] };
}

export function continueHistory(
  history: GuestHistory,
  poll: VmPoll<GuestAddresses | ToolsNotRunning>,
  now: number,
): GuestHistory {
  const { best, tools } = history;
  if (poll.kind === 'failed') {
    return history; // it says nothing about the guest
  }
  if (poll.kind === 'off' || poll.value === 'tools-not-running') {
    return { ...history, tools: tools === 'never ran' ? tools : 'are away', best: undefined };
  }
  const [address] = poll.value.usable;
  const since = address === best?.address ? best?.since : undefined;
  return {
    tools: tools === 'never ran' || tools === 'run' ? 'run' : 'are back',
    best: address === undefined ? undefined : { address, since: since ?? now },
    refused: poll.value.refused,
  };
}
