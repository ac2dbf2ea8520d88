// The views of the console by path. Each is a file of its own that is loaded when it is first shown.
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

export interface ViewProps {
  /** What the path has in the places of `:name`, decoded; optional ones may be absent. */
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
}

export interface View {
  /** `/apis/:apiId/:tab?`: segments, names of parameters, and parameters that may be left out. */
  readonly path: string;
  readonly title: string;
  /** Whether it is among the links at the top. */
  readonly isMain?: boolean;
  readonly component: LazyExoticComponent<ComponentType<ViewProps>>;
}

const VIEWS: readonly View[] = [
  {
    path: '/',
    title: 'Overview',
    isMain: true,
    component: lazy(async () => ({ default: (await import('../overview/overview.tsx')).Overview })),
  },
  {
    path: '/apis/:apiId/:tab?',
    title: 'API',
    component: lazy(async () => ({ default: (await import('../api/api.tsx')).Api })),
  },
  {
    path: '/workbench',
    title: 'Workbench',
    isMain: true,
    component: lazy(async () => ({ default: (await import('../workbench/workbench.tsx')).Workbench })),
  },
  {
    path: '/live/:id?',
    title: 'Live requests',
    isMain: true,
    component: lazy(async () => ({ default: (await import('../live/live-view.tsx')).LiveView })),
  },
  {
    path: '/connections',
    title: 'Connections',
    isMain: true,
    component: lazy(async () => ({
      default: (await import('../connections/connections-view.tsx')).ConnectionsView,
    })),
  },
];

export const MAIN_VIEWS = VIEWS.filter(({ isMain }) => isMain === true);

export interface FoundView {
  readonly view: View;
  readonly params: ViewProps['params'];
}

/** The view of a path; undefined where there is none. */
export function findView(path: string): FoundView | undefined {
  for (const view of VIEWS) {
    const params = match(view.path, path);
    if (params !== undefined) return { view, params };
  }
  return undefined;
}

function match(pattern: string, path: string): ViewProps['params'] | undefined {
  const wanted = pattern.split('/').filter((each) => each !== '');
  const segments = path.split('/').filter((each) => each !== '');
  if (segments.length > wanted.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const segment = segments[index];
    if (segment === undefined) {
      if (!want.endsWith('?')) return undefined;
    } else if (want.startsWith(':')) {
      const value = decoded(segment);
      if (value === undefined) return undefined;
      params[want.slice(1).replace('?', '')] = value;
    } else if (want !== segment) {
      return undefined;
    }
  }
  return params;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
