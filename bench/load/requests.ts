// The requests the load consists of. Seven headers besides Host; two of them are there to be overwritten and removed.
import type { Load } from './wrk.ts';

export const TARGET = '/pets/42?limit=10&name=rex';

export const HEADERS: Readonly<Record<string, string>> = {
  accept: 'application/json',
  'accept-encoding': 'gzip, deflate, br',
  'accept-language': 'en-GB,en;q=0.8',
  'user-agent': 'bench/1.0 (load generator)',
  cookie: 'session=6f1d2c3b4a59687786958473625140ff; theme=dark',
  'x-secret': 'do not pass on',
  'x-stage': 'dev',
};

export function get(host: string, target = TARGET): Load {
  return { method: 'GET', target, headers: { host, ...HEADERS } };
}

export function post(host: string, body: string, target = TARGET): Load {
  return { method: 'POST', target, headers: { host, 'content-type': 'application/json', ...HEADERS }, body };
}

/** A JSON document of exactly `bytes` bytes whose `$.pet.name` is `rex`, in its middle. */
export function petDocument(bytes: number): string {
  const items: { id: number; kind: string; price: number }[] = [];
  const print = (pad: string): string =>
    JSON.stringify({
      order: { items: items.slice(items.length >> 1) },
      pet: { id: 42, name: 'rex' },
      more: items,
      pad,
    });
  while (print('').length < bytes - 120) items.push({ id: items.length, kind: 'collar', price: 12.5 });
  return print('x'.repeat(bytes - print('').length));
}
