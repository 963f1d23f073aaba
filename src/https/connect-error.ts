export interface ConnectErrorFields {
  /** One line. */
  readonly message: string;
  /** Node's code, or one of ours: `ERR_PROXY_REFUSED`, `ERR_PROXY_TUNNEL`, `ERR_PROXY_INVALID_CONFIG`. */
  readonly code: string | undefined;
  /** True where another try can only end the same way. */
  readonly isPermanent: boolean;
  /** True where it is the proxy that cannot be used. Default: false. */
  readonly isProxy?: boolean;
  readonly cause?: unknown;
}

/** No connection was made, or it was not trusted: the server has not seen a byte of the request. */
export class ConnectError extends Error {
  override readonly name: string = 'ConnectError';
  readonly code: string | undefined;
  readonly isPermanent: boolean;
  readonly isProxy: boolean;

  constructor({ message, code, isPermanent, isProxy = false, cause }: ConnectErrorFields) {
    super(message, { cause });
    this.code = code;
    this.isPermanent = isPermanent;
    this.isProxy = isProxy;
  }

  /**
   * node-fetch keeps of an error only its message, its code and its `syscall` (as `erroredSysCall`): this is
   * how the whole of it gets through, see {@link connectErrorOf}.
   */
  get syscall(): this {
    return this;
  }
}

/** The {@link ConnectError} that a request over one of our agents failed with; undefined where a connection stood. */
export function connectErrorOf(error: unknown): ConnectError | undefined {
  const carried = error instanceof Error && 'erroredSysCall' in error ? error.erroredSysCall : error;
  return carried instanceof ConnectError ? carried : undefined;
}

/** Node's words. A host with several addresses fails with an AggregateError, whose own message is empty. */
export function failureReason(error: unknown): string {
  if (error instanceof AggregateError) {
    return error.errors.map(failureReason).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
