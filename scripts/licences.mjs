// What the licences of bundled packages ask for: each package is named in NOTICE, and the texts of all of them are in one file.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Checks NOTICE and writes the texts to `file`, each once, with the packages it is of. @throws where a package is not named, or
 *  has no text */
export async function writeLicences(root, outputs, file) {
  const notice = await readFile(join(root, 'NOTICE'), 'utf8');
  const names = [...new Set(outputs.flatMap(packagesIn))].sort();
  const missing = names.filter((name) => !notice.includes(name));
  if (missing.length > 0) throw new Error(`bundle: NOTICE does not name ${missing.join(', ')}.`);
  const texts = new Map();
  for (const name of names) {
    const text = await licenceOf(join(root, 'node_modules', name));
    if (text === undefined) throw new Error(`bundle: ${name} has no text of its licence.`);
    texts.set(text, [...(texts.get(text) ?? []), name]);
  }
  const parts = [...texts].map(([text, of]) => `${of.join(', ')}\n\n${text}\n`);
  await writeFile(file, parts.join(`\n${'-'.repeat(80)}\n\n`));
}

function packagesIn({ inputs }) {
  return Object.entries(inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
}

async function licenceOf(folder) {
  const files = await readdir(folder);
  const own = files.filter((name) => /^(?:licen[cs]e|notice)(?:\.|$)/i.test(name)).sort();
  if (own.length > 0) {
    const texts = await Promise.all(own.map((name) => readFile(join(folder, name), 'utf8')));
    return texts.map((text) => text.trim()).join('\n\n');
  }
  const readme = files.find((name) => /^readme\.md$/i.test(name));
  if (readme === undefined) return undefined;
  const [, ...sections] = (await readFile(join(folder, readme), 'utf8')).split(/^#+ Licen[cs]e$/im);
  return sections.at(-1)?.trim();
}
