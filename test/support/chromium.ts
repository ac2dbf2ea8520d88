// The machine's Chromium, headless, for tests of what runs in a browser.
import { existsSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { type Browser, chromium } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env.CHROME_PATH ?? PATHS.find((path) => existsSync(path));

/** Why tests in a browser are left out; false where there is one. */
export const noChromium: string | false = executablePath === undefined && 'there is no Chromium';

/** With a profile of its own, which is gone when it closes. `args` are switches besides. */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: executablePath!,
    args: ['--no-sandbox', '--disable-dev-shm-usage', ...args],
  });
}

/** Between the tests of one file and those of the next. */
const LINGERS_MILLIS = 2_000;

let shared: Promise<Browser> | undefined;
let borrowers = 0;
let closing: NodeJS.Timeout | undefined;

/** The browser of the process, until the test's end: to start one takes longer than most tests. */
export async function borrowChromium(t: TestContext): Promise<Browser> {
  clearTimeout(closing);
  borrowers++;
  t.after(() => {
    if (--borrowers === 0) closing = setTimeout(() => void closeShared(), LINGERS_MILLIS);
  });
  shared ??= launchChromium();
  return shared;
}

async function closeShared(): Promise<void> {
  const browser = shared;
  shared = undefined;
  await (await browser)?.close();
}
