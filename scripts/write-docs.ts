// Writes the pages that are made from tables. A test compares them with what is checked in. Usage: node dist/scripts/write-docs.js
import { writeFileSync } from 'node:fs';
import { pages } from './pages.ts';

for (const [path, text] of pages()) writeFileSync(path, text);
