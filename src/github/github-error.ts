import { DescribedError, joinLines } from '../text/described-error.ts';

export interface GitHubErrorFields {
  /** Method and path: `GET /repos/octo/shop/actions/runs/99`. */
  readonly request: string;
  /** One sentence: what GitHub says, or what came in place of a response. */
  readonly message: string;
  /** HTTP status, where there was a response. */
  readonly status?: number | undefined;
  /** What the token needs for the request: `actions: read`. */
  readonly permission?: string | undefined;
  /** GitHub takes no more requests of this token for a while. */
  readonly isRateLimit?: boolean;
  /** The same request may succeed a moment later. */
  readonly isTransient?: boolean;
  /** Milliseconds that GitHub asks to wait. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** Every way in which a request to GitHub can end without a response that says something for certain. */
export class GitHubError extends DescribedError {
  override readonly name = 'GitHubError';
  readonly title = 'No clear response from GitHub';
  readonly request: string;
  readonly status: number | undefined;
  readonly permission: string | undefined;
  readonly isRateLimit: boolean;
  readonly isTransient: boolean;
  readonly retryAfter: number | undefined;

  constructor({ request, message, cause, ...fields }: GitHubErrorFields) {
    super(message, { cause });
    this.request = request;
    this.status = fields.status;
    this.permission = fields.permission;
    this.isRateLimit = fields.isRateLimit ?? false;
    this.isTransient = fields.isTransient ?? false;
    this.retryAfter = fields.retryAfter;
  }

  /** GitHub does not know the object, or does not show it to this token. */
  get isNotFound(): boolean {
    return this.status === 404;
  }

  get text(): string {
    const status = this.status === undefined ? '' : ` (HTTP ${this.status})`;
    return joinLines(`${this.request} failed${status}. ${this.message}`, this.#advice());
  }

  #advice(): string | undefined {
    if (this.isRateLimit) {
      return 'GitHub takes no more requests of this token for a while: run the cleanup less often, or with a token of its own.';
    }
    switch (this.status) {
      case 401:
        return "GitHub does not accept 'github-token': leave it out to have the job's own.";
      case 403:
      case 404:
        return `'github-token' must be of this repository, and have '${this.permission}': a 'permissions:' block takes away all that it does not name.`;
      default:
        return undefined;
    }
  }
}
