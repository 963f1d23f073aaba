import { isIP } from 'node:net';
import { type AddressFilter, type CheckedAddresses, type CheckOptions, checkAddresses } from './address.ts';
import { getGuestIdentity, listGuestInterfaces, type ToolsNotRunning } from './guest.ts';
import type { Limits, Session } from './session.ts';
import { isUnserved, VcenterError } from './transport/error.ts';

export interface ReaderOptions extends AddressFilter {
  readonly session: Session;
  /** The VM's id. */
  readonly vm: string;
}

export interface GuestAddresses extends CheckedAddresses {
  /** Why the guest's identity could not be read besides its interfaces, where it was asked for. */
  readonly identityError?: VcenterError;
}

export interface GuestAddressReader {
  /** @throws VcenterError; the signal's reason. */
  read(limits: Limits): Promise<GuestAddresses | ToolsNotRunning>;
}

/**
 * Reads and checks a guest's addresses with as few requests as do, mostly one. They come from its interfaces; from its
 * identity where the server does not know the operation, or where the guest lists no interface at all.
 */
export function createAddressReader({ session, vm, family, networks }: ReaderOptions): GuestAddressReader {
  let servesInterfaces = true;
  const check = (found: Omit<CheckOptions, keyof AddressFilter>) =>
    checkAddresses({ ...found, family, networks });

  const readInterfaces = async (limits: Limits): Promise<GuestAddresses | ToolsNotRunning> => {
    const interfaces = await listGuestInterfaces(session, vm, limits);
    if (interfaces === 'tools-not-running') {
      return interfaces;
    }
    const checked = check({ interfaces });
    const [first, second] = checked.usable;
    const isAmbiguous = first !== undefined && second !== undefined && isIP(first) === isIP(second);
    if (interfaces.length > 0 && !isAmbiguous) {
      return checked;
    }
    try {
      const identity = await getGuestIdentity(session, vm, limits);
      return identity === 'tools-not-running'
        ? checked
        : check({ interfaces, identityAddress: identity.ipAddress });
    } catch (error) {
      // Only good to know: the interfaces may yet tell more, and which of several addresses goes first is no reason to fail.
      if (error instanceof VcenterError) {
        return { ...checked, identityError: error };
      }
      throw error;
    }
  };

  const readIdentity = async (limits: Limits): Promise<GuestAddresses | ToolsNotRunning> => {
    const identity = await getGuestIdentity(session, vm, limits);
    return identity === 'tools-not-running'
      ? identity
      : check({ interfaces: [], identityAddress: identity.ipAddress });
  };

  return {
    async read(limits) {
      if (servesInterfaces) {
        try {
          return await readInterfaces(limits);
        } catch (error) {
          if (!isUnserved(error)) {
            throw error;
          }
          servesInterfaces = false;
        }
      }
      return readIdentity(limits);
    },
  };
}
