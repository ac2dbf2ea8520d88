// A PEM file that the configuration file names and that is read with it.
import { readFileSync } from 'node:fs';
import { filePath, into, type Shape } from './shape.ts';

/** The file's text, which has a certificate. */
export const certificateFile: Shape<string> = into(filePath, (path, node) => {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw node.error(
      `names the file ${node.text()}, which ${code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`}`,
    );
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    throw node.error(`names the file ${node.text()}, which has no certificate in PEM form`);
  }
  return pem;
});
