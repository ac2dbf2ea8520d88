// Which requests the list shows, as the address has it: `?api=a1b2c3d4e5&status=5xx`. The server takes the same names.

const FILTERS = ['api', 'stage', 'route', 'status', 'kind', 'text'] as const;

export type FilterName = (typeof FILTERS)[number];

/** Absent: any. */
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

export function parseFilters(search: string): Filters {
  const query = new URLSearchParams(search);
  const given = FILTERS.map((name) => [name, query.get(name) ?? ''] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}

/** With `?`, or empty. Other parameters of the address stay. */
export function printFilters(filters: Filters, others = ''): string {
  const query = new URLSearchParams(others);
  for (const name of FILTERS) {
    const value = filters[name];
    if (value === undefined || value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
