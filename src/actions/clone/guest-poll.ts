import type { GuestAddresses, GuestAddressReader } from '../../vcenter/guest-addresses.ts';
import type { Session } from '../../vcenter/session.ts';
import { isLoginRefused, isTransient, VcenterError } from '../../vcenter/transport/error.ts';
import { getPowerState, type PowerState } from '../../vcenter/vm.ts';

export interface GuestPollOptions {
  readonly session: Session;
  readonly reader: GuestAddressReader;
  /** The VM's id. */
  readonly vm: string;
  readonly signal: AbortSignal;
  /** Whether power is polled, too; the guest of a VM that is off is not asked. */
  readonly withPower: boolean;
}

export type GuestPoll = (
  | { readonly kind: 'off'; readonly powerState: PowerState }
  | { readonly kind: 'tools not running' }
  | ({ readonly kind: 'addresses' } & Pick<GuestAddresses, 'usable' | 'refused'>)
  | { readonly kind: 'failed'; readonly error: VcenterError }
) & {
  /** Undefined where it was not polled, or could not be. */
  readonly powerState?: PowerState | undefined;
  /** What failed, even where the guest's addresses could be read all the same. */
  readonly error?: VcenterError | undefined;
};

/**
 * Polls a guest once. Whoever uses it polls again, so no request is retried here.
 *
 * @throws VcenterError where polling again is of no use; the signal's reason.
 */
export async function pollGuest(options: GuestPollOptions): Promise<GuestPoll> {
  const { session, reader, vm, signal, withPower } = options;
  const limits = { signal, retryTimeout: 0 };
  const power = withPower ? await unlessFinal(getPowerState(session, vm, limits)) : undefined;
  const powerError = power instanceof VcenterError ? power : undefined;
  const powerState = power instanceof VcenterError ? undefined : power;
  if (isOff(powerState)) {
    return { kind: 'off', powerState };
  }
  const guest = await unlessFinal(reader.read(limits));
  if (guest instanceof VcenterError) {
    return { kind: 'failed', powerState, error: guest };
  }
  if (guest === 'tools-not-running') {
    return { kind: 'tools not running', powerState, error: powerError };
  }
  const { usable, refused, identityError } = guest;
  return { kind: 'addresses', usable, refused, powerState, error: identityError ?? powerError };
}

/** Whether a guest cannot run in this state of power; a state that nobody knows is none. */
function isOff(state: PowerState | undefined): state is PowerState {
  return state === 'POWERED_OFF' || state === 'SUSPENDED';
}

/** Failures that another poll may not meet again are returned. */
async function unlessFinal<T>(response: Promise<T>): Promise<T | VcenterError> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof VcenterError && !isFinal(error)) {
      return error;
    }
    throw error;
  }
}

/**
 * vCenter's own refusal, that of a login included. What is not in its own form comes from a proxy and passes; so does a 5xx,
 * and a session that is refused at its first use.
 */
function isFinal(error: VcenterError): boolean {
  const { failure, status = 0, errorType, messageIds } = error;
  if (failure !== 'response') {
    return failure === 'certificate';
  }
  if (status === 401) {
    return isLoginRefused(error);
  }
  const isInOwnForm = errorType !== undefined || messageIds.length > 0;
  return isInOwnForm && status < 500 && !isTransient(error);
}
