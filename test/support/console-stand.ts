// The console in Chromium: one program for the tests of a file, one browser for those of a process. A test fails by what its pages complain of: errors on
// the browser's console, exceptions, what the Content-Security-Policy refuses, and requests to any host but this machine.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { TestContext } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { borrowChromium } from './chromium.ts';
import { type PosternOptions, type RunningPostern, startTestPostern } from './postern.ts';

/** Where pictures of the views go when they are asked for. */
const SCREENSHOTS = 'docs/guide/console';

/** How long a page may take to show something, on a busy machine. */
const PATIENCE_MILLIS = 15_000;

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Runs before every document. */
const TELL_REFUSALS = `document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
  console.error(\`refused by \${effectiveDirective}: \${blockedURI} \${sample}\`);
})`;

export interface PageOptions {
  /** 1280 when absent. */
  readonly width?: number;
  readonly colours?: 'light' | 'dark';
  /** Complaints that are no failure. */
  readonly expected?: RegExp;
  /** Of something in front of the program. */
  readonly origin?: string;
  /** Whether the test leaves its window such that no other can have it: with a clock that stands, say. */
  readonly spoiled?: boolean;
}

export interface ConsoleStand {
  readonly postern: RunningPostern;
  readonly browser: Browser;
  /** Of the management door. */
  readonly origin: string;
  /** Opens a view (`live`, `apis/a1b2`) in a window that is the test's until its end. */
  open(t: TestContext, view: string, options?: PageOptions): Promise<Page>;
}

/** Windows that no test has, by their browser. */
const idleOf = new WeakMap<Browser, Window[]>();

/** Starts the program, and the browser where none runs; they go with the test. */
export async function startConsole(t: TestContext, options: PosternOptions = {}): Promise<ConsoleStand> {
  const browser = await borrowChromium(t);
  /** How the windows that tests have are given back: before the program ends that their pages ask. */
  const held = new Set<() => Promise<void>>();
  t.after(() => Promise.all(Array.from(held, (giveBack) => giveBack())));
  const postern = await startTestPostern(options);
  t.after(() => postern.close());
  const origin = new URL(postern.management).origin;
  const idle = idleOf.get(browser) ?? [];
  idleOf.set(browser, idle);
  return {
    postern,
    browser,
    origin,
    async open(of, view, pageOptions = {}) {
      const window = idle.pop() ?? (await openWindow(browser));
      const { page } = window;
      const giveBack = async (): Promise<void> => {
        if (held.delete(giveBack)) await release(window, idle, pageOptions);
      };
      held.add(giveBack);
      of.after(giveBack);
      const { width = 1280, colours = 'light' } = pageOptions;
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: colours });
      await page.goto(`${pageOptions.origin ?? origin}/_postern/console/${view}`);
      return page;
    },
  };
}

/** One costs a second of the machine's time, so that tests have them one after the other. */
interface Window {
  readonly page: Page;
  /** Since the test began that has it. */
  readonly complaints: string[];
}

async function openWindow(browser: Browser): Promise<Window> {
  const context = await browser.newContext({
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(PATIENCE_MILLIS);
  const complaints = watch(context);
  await context.addInitScript(TELL_REFUSALS);
  return { page: await context.newPage(), complaints };
}

/** Gives a window to the next test, without anything of this one. */
async function release(window: Window, idle: Window[], { expected, spoiled }: PageOptions): Promise<void> {
  const { page, complaints } = window;
  const unexpected = complaints.filter((complaint) => expected?.test(complaint) !== true);
  if (spoiled || unexpected.length > 0 || page.isClosed()) {
    await page.context().close();
  } else {
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.evaluate('sessionStorage.clear(), localStorage.clear()');
    await page.context().clearCookies();
    await page.goto('about:blank');
    complaints.length = 0;
    idle.push(window);
  }
  assert.deepEqual(unexpected, [], 'what the page complains of');
}

function watch(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complaints.push(String(error.error().stack)));
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (
      /^(?:https?|wss?):$/.test(url.protocol) &&
      !/^(?:127\.0\.0\.1|localhost|.*\.localhost)$/.test(url.hostname)
    )
      complaints.push(`the page asks ${url.origin}`);
  });
  return complaints;
}

/** Throws where axe finds something on the page as it is. */
export async function checkAccessible(page: Page): Promise<void> {
  axeSource ??= await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(`${axeSource}; undefined`);
  const found = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(AXE_TAGS)}, resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ html, failureSummary }) => [id, help, html, failureSummary].join('\\n'))))`,
  );
  assert.deepEqual(found, [], `axe at ${page.url()}`);
}

let axeSource: string | undefined;

/** With POSTERN_SCREENSHOTS=1 a picture of the page as it is, for people: `docs/guide/console/NAME.png`. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  if (process.env.POSTERN_SCREENSHOTS !== '1') return;
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, animations: 'disabled', caret: 'hide' });
}
