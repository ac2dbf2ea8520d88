// The machine's Chromium, headless, for tests of what runs in a browser.
import { existsSync } from 'node:fs';
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
