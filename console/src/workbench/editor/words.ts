// What can be completed where the cursor is. Words are the server's, and what the request at hand has.

export interface Word {
  readonly text: string;
  readonly detail?: string;
  /** Absent: of both. */
  readonly side?: 'request' | 'response';
}

export interface Words {
  readonly keys: readonly Word[];
  readonly sources: readonly Word[];
  readonly templates?: readonly Word[];
}

export interface Completion {
  /** Where what is replaced begins, in the text before the cursor. */
  readonly from: number;
  readonly words: readonly Word[];
}

/** Completes from these words; `isAsked` is true when the user asked for it, and not only typed. */
export type Complete = (before: string, isAsked: boolean) => Completion | undefined;

const SOURCE = /\$\{?[\w.:-]*$/;
const PLAIN_SOURCE = /^[\w.:$-]*$/;
const REFERENCE = /\$!?\{?[\w.]*$|#\w*$/;

const DIRECTIVES: readonly Word[] = [
  { text: '#set($name = "")', detail: 'a variable' },
  { text: '#if()', detail: 'closed by #end' },
  { text: '#elseif()' },
  { text: '#else' },
  { text: '#foreach($item in $list)', detail: 'closed by #end' },
  { text: '#end' },
];

/** A key is completed as a whole. */
export function completeKeys(words: readonly Word[]): Complete {
  return (before, isAsked) => (before === '' && !isAsked ? undefined : { from: 0, words });
}

/** Values of HTTP APIs: sources begin with a dollar, and in braces they end with one. */
export function completeSources(words: readonly Word[]): Complete {
  return (before, isAsked) => {
    const typed = SOURCE.exec(before)?.[0];
    if (typed === undefined) return isAsked ? { from: before.length, words } : undefined;
    const from = before.length - typed.length;
    if (!typed.startsWith('${')) return { from, words };
    return { from, words: words.map(({ text, ...rest }) => ({ ...rest, text: braced(text) })) };
  };
}

/** What goes on, `$request.header.`, is not closed yet. */
function braced(text: string): string {
  const bare = text.startsWith('$') ? text.slice(1) : text;
  return bare.endsWith('.') ? `\${${bare}` : `\${${bare}}`;
}

/** Values of WebSocket APIs: the whole value is one source, without a dollar. */
export function completePlainSources(words: readonly Word[]): Complete {
  return (before, isAsked) =>
    PLAIN_SOURCE.test(before) && (before !== '' || isAsked) ? { from: 0, words } : undefined;
}

export function completeTemplates(words: readonly Word[]): Complete {
  return (before, isAsked) => {
    const typed = REFERENCE.exec(before)?.[0];
    if (typed === undefined)
      return isAsked ? { from: before.length, words: [...words, ...DIRECTIVES] } : undefined;
    return { from: before.length - typed.length, words: typed.startsWith('#') ? DIRECTIVES : words };
  };
}

export interface RequestAtHand {
  readonly routeKey: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Sources that this request has something for, with what that is. */
export function ownSources({ routeKey, url, headers, body, variables }: RequestAtHand): readonly Word[] {
  const word = (text: string, detail: string): Word => ({
    text,
    detail: detail.length > 60 ? `${detail.slice(0, 59)}…` : detail,
  });
  const names = [...routeKey.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name]) => name!);
  return [
    ...names.map((name) => word(`$request.path.${name}`, 'a variable of the route')),
    ...headers
      .filter(([name]) => /^[\w-]+$/.test(name))
      .map(([name, value]) => word(`$request.header.${name}`, value)),
    ...queryOf(url).map(([name, value]) => word(`$request.querystring.${name}`, value)),
    ...membersOf(body).map(([path, value]) => word(`$request.body.${path}`, value)),
    ...Object.entries(variables).map(([name, value]) => word(`$stageVariables.${name}`, value)),
  ];
}

/** Keys for what this request has. */
export function ownKeys({ headers, url }: RequestAtHand): readonly Word[] {
  const ofHeader = headers.map(([name]) => ({ text: `remove:header.${name}`, detail: 'of this request' }));
  const ofQuery = queryOf(url).map(([name]) => ({
    text: `overwrite:querystring.${name}`,
    detail: 'of this request',
  }));
  return [...ofHeader, ...ofQuery];
}

function queryOf(url: string): readonly (readonly [string, string])[] {
  const mark = url.indexOf('?');
  if (mark < 0) return [];
  return [...new URLSearchParams(url.slice(mark + 1))].filter(([name]) => /^[\w.-]+$/.test(name));
}

const MOST_MEMBERS = 50;

/** Members of a JSON object and of the objects in it, by their paths. */
function membersOf(body: string): readonly (readonly [path: string, value: string])[] {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return [];
  }
  const found: [string, string][] = [];
  const visit = (each: unknown, path: string): void => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return;
    for (const [name, inner] of Object.entries(each)) {
      if (!/^[A-Za-z_]\w*$/.test(name) || found.length >= MOST_MEMBERS) continue;
      const own = path === '' ? name : `${path}.${name}`;
      found.push([own, JSON.stringify(inner) ?? '']);
      if (own.split('.').length < 3) visit(inner, own);
    }
  };
  visit(value, '');
  return found;
}
