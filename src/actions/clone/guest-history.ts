import type { RefusedAddress } from '../../vcenter/address.ts';
import type { PowerState } from '../../vcenter/vm.ts';
import type { GuestPoll } from './guest-poll.ts';

/** What the polls of a guest have shown until now. Times are the clock's milliseconds. */
export interface GuestHistory {
  readonly startedAt: number;
  /** Polls of the guest that vCenter responded to. */
  readonly responses: number;
  /** VMware Tools: whether they ever ran, and whether they have been away since. */
  readonly tools: 'never ran' | 'run' | 'are away' | 'are back';
  /** As it was last seen. */
  readonly powerState: PowerState | undefined;
  /** Since when the VM has been seen off, without a break. */
  readonly offSince: number | undefined;
  /** The best usable address, and since when it has been the best without a break. */
  readonly best: { readonly address: string; readonly since: number } | undefined;
  /** As the guest last reported them. */
  readonly refused: readonly RefusedAddress[];
  /** The last request that failed. */
  readonly lastError: { readonly error: Error; readonly at: number } | undefined;
}

export function startHistory(startedAt: number): GuestHistory {
  return {
    startedAt,
    responses: 0,
    tools: 'never ran',
    powerState: undefined,
    offSince: undefined,
    best: undefined,
    refused: [],
    lastError: undefined,
  };
}

export function continueHistory(history: GuestHistory, poll: GuestPoll, now: number): GuestHistory {
  const { powerState, error } = poll;
  const next: GuestHistory = {
    ...history,
    powerState: powerState ?? history.powerState,
    offSince: powerState === undefined ? history.offSince : undefined,
    lastError: error === undefined ? history.lastError : { error, at: now },
  };
  switch (poll.kind) {
    case 'failed':
      return next; // it says nothing about the guest
    case 'off':
      return { ...next, tools: awayOf(history), best: undefined, offSince: history.offSince ?? now };
    case 'tools not running':
      return { ...next, tools: awayOf(history), best: undefined, responses: history.responses + 1 };
    case 'addresses': {
      const { best, tools } = history;
      const [address] = poll.usable;
      const since = address === best?.address ? best?.since : undefined;
      return {
        ...next,
        responses: history.responses + 1,
        tools: tools === 'never ran' || tools === 'run' ? 'run' : 'are back',
        offSince: undefined,
        best: address === undefined ? undefined : { address, since: since ?? now },
        refused: poll.refused,
      };
    }
  }
}

function awayOf({ tools }: GuestHistory): GuestHistory['tools'] {
  return tools === 'never ran' ? 'never ran' : 'are away';
}
