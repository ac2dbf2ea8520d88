// Writes the types of `postern/testing` into dist/types: `node scripts/types.mjs`. Its files say their types themselves, so that each
// is done alone, and they name nothing of the rest of src, so that a package has no other types.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isolatedDeclarationSync } from 'oxc-transform';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'src/testing');
const outdir = join(root, 'dist/types');

rmSync(outdir, { recursive: true, force: true });
mkdirSync(outdir, { recursive: true });
const written = new Set();
write('entry.ts');

/** Throws where a type is not said, or is of another folder. */
function write(name) {
  if (written.has(name)) return;
  written.add(name);
  const { code, errors } = isolatedDeclarationSync(name, readFileSync(join(folder, name), 'utf8'));
  if (errors.length > 0)
    throw new Error(`src/testing/${name}: ${errors.map(({ message }) => message).join(' ')}`);
  for (const [, from] of code.matchAll(/from ["']([^"']+)["']/g)) {
    const [, file] = /^\.\/([\w-]+\.ts)$/.exec(from) ?? [];
    if (file === undefined)
      throw new Error(`src/testing/${name} has a type of ${from}, which the package has not.`);
    write(file);
  }
  writeFileSync(
    join(outdir, name.replace(/\.ts$/, '.d.ts')),
    code.replace(/(from ["']\.\/[\w-]+)\.ts/g, '$1.js'),
  );
}
