// Prefixes of host names that AWS's services have for some operations (`sync-states.…`, `data-servicediscovery.…`), where
// the endpoint is configured (decision 0015).

const AWS_HOST = /\.amazonaws\.com(\.cn)?$|\.api\.aws$/;

interface Arguments {
  readonly request: unknown;
}

/** The part of an SDK client that is needed here; the same of all services. */
interface MiddlewareStack {
  add(
    middleware: (next: (args: Arguments) => unknown) => (args: Arguments) => unknown,
    options: object,
  ): void;
}

/** Has a client call its operations without the prefix, but at AWS: a configured endpoint has one name for all of them. */
export function leaveOutHostPrefix(prefix: string, { middlewareStack }: { middlewareStack: object }): void {
  (middlewareStack as MiddlewareStack).add(
    (next) => (args) => {
      const request = args.request as { hostname: string };
      if (request.hostname.startsWith(prefix) && !AWS_HOST.test(request.hostname)) {
        request.hostname = request.hostname.slice(prefix.length);
      }
      return next(args);
    },
    { step: 'build', priority: 'high' },
  );
}
