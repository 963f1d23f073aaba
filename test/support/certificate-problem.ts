import { CertificateError } from '../../src/https/certificate-error.ts';
import { connectErrorOf } from '../../src/https/connect-error.ts';

/** What is wrong with the server's certificate, in one line for people; undefined for any other failure. */
export function certificateProblem(error: unknown): string | undefined {
  const problem = connectErrorOf(error);
  return problem instanceof CertificateError ? problem.message : undefined;
}
