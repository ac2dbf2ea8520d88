// Routes that cannot run: each refuses alone, and why is told with the stage it is of (spec/http-api.md Choice C14).
import { messageOf } from '../defect.ts';

/** Why a route, or a part of one, cannot do what is configured. */
export interface RouteProblem {
  readonly routeKey: string;
  readonly routeId: string;
  readonly part: 'route' | 'authorizer' | 'integration';
  /** A sentence without a full stop. */
  readonly reason: string;
}

/** What may say of itself that it cannot run. */
interface Part {
  readonly problem?: string | undefined;
}

interface CompiledRoute {
  readonly key: string;
  readonly routeId: string;
  readonly authorizer: Part | undefined;
  readonly integration: Part | undefined;
}

/** Compiles a part of a route. One that cannot be compiled is replaced by what refuses with the reason: the stage's other
 *  routes never suffer from it. */
export function compiledOr<T>(compile: () => T, refuse: (reason: string) => T): T {
  try {
    return compile();
  } catch (error) {
    return refuse(notCompiled(error));
  }
}

/** Management refuses what cannot be compiled, so this is a defect, or a document of another version. */
export function notCompiled(error: unknown): string {
  return `It cannot be compiled: ${messageOf(error).replace(/\.$/, '')}`;
}

export function problemsOf(routes: Iterable<CompiledRoute>): RouteProblem[] {
  const problems: RouteProblem[] = [];
  for (const { key: routeKey, routeId, authorizer, integration } of routes) {
    for (const [part, found] of [
      ['authorizer', authorizer] as const,
      ['integration', integration] as const,
    ]) {
      const reason = found?.problem;
      if (reason !== undefined) problems.push({ routeKey, routeId, part, reason });
    }
  }
  return problems;
}
