import { parseFingerprint, readCaCertificate } from './certificate-inputs.ts';
import type { Core } from './core.ts';
import { always, optional, type ReadFields, readFields, required } from './input-fields.ts';
import { parseBoolean, parseUsername } from './input-values.ts';
import type { InputProblem } from './inputs-error.ts';
import { parseServerAddress } from './server-address.ts';

/** Where vCenter is, and who logs in. */
export interface ConnectionInputs {
  /** `host` or `host:port`. */
  readonly server: string;
  readonly username: string;
  readonly password: string;
  /** PEM text. */
  readonly caCertificate?: string;
  /** SHA-256, in upper case with colons. */
  readonly certificateFingerprint?: string;
  readonly insecure: boolean;
}

export interface ReadInputsOptions {
  readonly core: Pick<Core, 'getInput' | 'setSecret'>;
  /** Returns a file's text; throws where it cannot be read. */
  readonly readFile: (path: string) => string;
}

export interface ReadMainInputsOptions extends ReadInputsOptions {
  readonly isForkPullRequest: boolean;
}

/** Reads the inputs that all actions have. The password is masked first. */
export function readConnection({
  core,
  readFile,
  isForkPullRequest,
  defaults,
}: ReadMainInputsOptions & {
  readonly defaults: Readonly<Record<string, string>>;
}): ReadFields<ConnectionInputs> {
  const password = readPassword({ core, isForkPullRequest });
  const account = readFields<Omit<ConnectionInputs, 'password'>>({
    core,
    defaults,
    fields: {
      server: required('vcenter-server', 'the host name of vCenter', parseServerAddress),
      username: required('username', 'the user to log in as, such as svc-ci@vsphere.local', parseUsername),
      caCertificate: optional('ca-certificate', (text) => readCaCertificate({ text, readFile })),
      certificateFingerprint: optional('certificate-fingerprint', parseFingerprint),
      insecure: always('insecure', parseBoolean),
    },
  });
  return {
    values: { ...account.values, password: password.value },
    problems: [...account.problems, ...password.problems, ...checkCertificateInputs(account.values)],
  };
}

/** Reads the password as it is, except for the line break that a secret made with `echo` ends in. */
function readPassword({
  core,
  isForkPullRequest,
}: Pick<ReadMainInputsOptions, 'core' | 'isForkPullRequest'>): {
  readonly value: string;
  readonly problems: readonly InputProblem[];
} {
  const value = core.getInput('password', { trimWhitespace: false }).replace(/\r?\n$/, '');
  if (value.trim() !== '') {
    core.setSecret(value);
    return { value, problems: [] };
  }
  const problem = isForkPullRequest
    ? 'is empty: this pull request comes from a fork, and forks get no secrets'
    : 'is required: is there a secret of that name, and may this run read it? (Dependabot has secrets of its own)';
  return { value: '', problems: [{ input: 'password', got: undefined, problem }] };
}

function checkCertificateInputs({
  certificateFingerprint,
  insecure,
}: Partial<ConnectionInputs>): readonly InputProblem[] {
  if (certificateFingerprint === undefined || insecure !== true) {
    return [];
  }
  const problem = "contradicts 'insecure', which checks no certificate at all; leave one of the two out";
  return [{ input: 'certificate-fingerprint', got: undefined, problem }];
}
