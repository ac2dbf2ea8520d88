// What `kubectl kustomize` makes of our overlays, as far as they use it: resources, JSON patches (RFC 6902) and a generated ConfigMap.
// Labels and hashes in names are left out.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into what the schemas have judged.
  readonly [member: string]: any;
}

interface Kustomization {
  readonly resources: readonly string[];
  readonly patches?: readonly {
    readonly path: string;
    readonly target: { readonly kind: string; readonly name: string };
    readonly options?: { readonly allowKindChange?: boolean };
  }[];
  readonly configMapGenerator?: readonly { readonly name: string; readonly files: readonly string[] }[];
}

interface Operation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: unknown;
}

/** The manifests of a folder that has a kustomization.yaml. */
export function kustomize(folder: string): readonly Manifest[] {
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const {
    resources,
    patches = [],
    configMapGenerator = [],
  } = parse(read('kustomization.yaml')) as Kustomization;
  const manifests: Manifest[] = resources.flatMap((resource) =>
    existsSync(join(folder, resource, 'kustomization.yaml'))
      ? kustomize(join(folder, resource))
      : parseAllDocuments(read(resource)).map((document) => document.toJS() as Manifest),
  );
  for (const { name, files } of configMapGenerator) {
    const data = Object.fromEntries(files.map((file) => [file, read(file)]));
    manifests.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
  }
  for (const { path, target, options } of patches) {
    const found = manifests.filter(
      ({ kind, metadata }) => kind === target.kind && metadata.name === target.name,
    );
    assert.equal(found.length, 1, `${folder}/${path} is for one manifest`);
    for (const operation of parse(read(path)) as Operation[]) apply(found[0]!, operation);
    assert.ok(
      found[0]!.kind === target.kind || options?.allowKindChange === true,
      `${path} changes the kind`,
    );
  }
  return manifests;
}

function apply(manifest: Manifest, { op, path, value }: Operation): void {
  const steps = path.slice(1).split('/');
  const last = steps.pop()!;
  // biome-ignore lint/suspicious/noExplicitAny: a path leads anywhere.
  let at: any = manifest;
  for (const step of steps) {
    at = at[step];
    assert.ok(typeof at === 'object', `${path} is there`);
  }
  if (op !== 'add') assert.ok(last in at, `${path} is there`);
  if (Array.isArray(at)) {
    if (op === 'add') at.splice(last === '-' ? at.length : Number(last), 0, value);
    else at.splice(Number(last), 1, ...(op === 'replace' ? [value] : []));
  } else if (op === 'remove') delete at[last];
  else at[last] = value;
}
