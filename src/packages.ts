// Packages that are loaded by their first user, and at once. Modules of Node.js have `process.getBuiltinModule` for that: to import
// one is to ask each of its getters, and what those load (`node:http` all of fetch, `node:tls` every root certificate,
// `node:process` the standard streams) a start can do without.
const { createRequire } = process.getBuiltinModule('node:module');

export const requirePackage: (name: string) => unknown = createRequire(import.meta.url);
