import type { Fault } from './fault.ts';

/** Everything about VI/JSON that a test may bend, at any time. All times are in milliseconds. */
export interface ViJsonBehaviour {
  /**
   * `unified`: 8.0 U3, where a session of one API is one of the other; `separate`: 8.0 U1 and U2, where VI/JSON wants a
   * login of its own; `none`: a vCenter before 8.0 U1.
   */
  viJson: 'unified' | 'separate' | 'none';
  /** What is answered where there is no VI/JSON, or not in the release of the path. */
  viAbsence: '404' | '500-xml';
  /** How a result is told that is not set: the description says null, 8.0.3 was seen to send nothing. */
  viUnset: 'null' | 'empty' | '204';
  /** The result of a task: the reference itself, or in a box as the programming guide has it once. */
  viTaskResult: 'reference' | 'boxed';
  /** The error of a task: the fault itself, or wrapped in a LocalizedMethodFault as in the SOAP API. */
  viTaskError: 'fault' | 'localized';
  /** Where a fault has its words. */
  viFaultText: 'faultstring' | 'faultMessage' | 'none';
  /** How a NoPermission says what is missing. */
  viPermissionForm: 'both' | 'missingPrivileges' | 'privilegeId' | 'none';
  /** References inside of faults lack their `_typeName`, as recorded from 8.0.3. */
  viBareFaultReferences: boolean;
  /** The most objects that RetrievePropertiesEx tells at once. */
  viPageSize: number;
  /** A property that cannot be read for a reason of its own, such as NotAuthenticated from a host. */
  viUnreadable: (at: {
    readonly type: string;
    readonly id: string;
    readonly path: string;
  }) => Fault | undefined;
  /** From the request of an instant clone to its end, without `pendingFor`. */
  instantCloneDuration: number;
  /** How long a reconfiguration takes. */
  reconfigureTakes: number;
  /** Keys of extraConfig that clash with known settings, and are ignored without a word. */
  ignoresExtraConfig: (key: string) => boolean;
}

const knownSettings = /^(annotation|displayname|guestos|memsize|numvcpus|uuid\.|ethernet\d|scsi\d|sched\.)/i;

export function defaultViJsonBehaviour(): ViJsonBehaviour {
  return {
    viJson: 'unified',
    viAbsence: '404',
    viUnset: 'null',
    viTaskResult: 'reference',
    viTaskError: 'fault',
    viFaultText: 'faultstring',
    viPermissionForm: 'both',
    viBareFaultReferences: false,
    viPageSize: 1000,
    viUnreadable: () => undefined,
    instantCloneDuration: 30,
    reconfigureTakes: 0,
    ignoresExtraConfig: (key) => knownSettings.test(key),
  };
}
