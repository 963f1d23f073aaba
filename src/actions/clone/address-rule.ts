import { formatDuration } from '../../text/duration.ts';
import type { GuestHistory } from './guest-history.ts';

/** A specification that is stored in vCenter, or data for cloud-init. */
export type CustomizationKind = 'stored' | 'cloud-init';

/** When an address counts that is the same on two polls in a row. */
export interface AddressRule {
  /** How long it has to hold, in milliseconds. */
  readonly hold: number;
  /** The same in a guest whose VMware Tools were away, after they had run, and are back. */
  readonly holdAfterRestart: number;
  /** The end of the customization, in the clock's milliseconds: `hold` counts from it, whatever the guest showed meanwhile. */
  readonly customizedAt?: number;
  /** The guest began with addresses of another VM, and nobody can tell which. */
  readonly mayBeOfSource?: true;
}

/** Without a customization nothing changes the address. */
export const TWO_POLLS: AddressRule = { hold: 0, holdAfterRestart: 0 };

/**
 * An instant clone of a frozen source of which vCenter tells no address: it has the source's until its guest takes another,
 * and VMware Tools report that up to 30 s later.
 */
export const MAY_BE_OF_SOURCE: AddressRule = { hold: 60_000, holdAfterRestart: 60_000, mayBeOfSource: true };

/** A guest that restarts for its customization is away sooner than this. */
const RESTART_WINDOW = 40_000;
/** Where vCenter tells nothing of the customization. */
const UNKNOWN_HOLD = 10_000;

/**
 * When an address counts, by what is known of the customization at the clock's time `now`. The Tools for Linux report the
 * success of a stored specification, and have the guest restart only then (open-vm-tools,
 * libDeployPkg/linuxDeployment.c); they leave it out where cloud-init takes over.
 */
export function addressRule({
  kind,
  outcome,
  now,
}: {
  readonly kind: CustomizationKind;
  readonly outcome: 'not waited for' | 'unknown' | 'ended';
  readonly now: number;
}): AddressRule {
  switch (outcome) {
    case 'not waited for':
      return { hold: RESTART_WINDOW, holdAfterRestart: 0 };
    case 'unknown':
      return { hold: kind === 'stored' ? RESTART_WINDOW : UNKNOWN_HOLD, holdAfterRestart: UNKNOWN_HOLD };
    case 'ended':
      return kind === 'stored' ? { hold: RESTART_WINDOW, holdAfterRestart: 0, customizedAt: now } : TWO_POLLS;
  }
}

/** How long an address has to hold, in milliseconds; 0: the same on two polls in a row is enough. */
export function holdTime(rule: AddressRule, { tools }: Pick<GuestHistory, 'tools'>): number {
  return tools === 'are back' ? rule.holdAfterRestart : rule.hold;
}

/** When an address counts that was seen, and why not at once, as a clause. */
export function whenItCounts(rule: AddressRule, history: Pick<GuestHistory, 'tools'>): string {
  const hold = formatDuration(holdTime(rule, history));
  if (rule.mayBeOfSource) {
    return `it may be the source's, and counts only once it has held for ${hold}`;
  }
  const counts = 'with a customization it counts only';
  if (rule.customizedAt !== undefined) {
    return `${counts} after the restart that ends the customization, or ${hold} after its end without one`;
  }
  return rule.hold === rule.holdAfterRestart || history.tools === 'are back'
    ? `${counts} once it has held for ${hold}`
    : `${counts} after the restart of the customization, or once it has held for ${hold}`;
}
