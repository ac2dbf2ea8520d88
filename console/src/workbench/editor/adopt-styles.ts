// CodeMirror's styles under the page's Content-Security-Policy: it would write a style element, which the policy refuses. Style sheets
// that a document adopts are not markup, and are allowed.
import { StyleModule } from 'style-mod';

/** In the order of their rules: later ones win. */
const mounted: StyleModule[] = [];
const sheets = new Map<StyleModule, CSSStyleSheet>();

/** From now on, for all editors of the document. */
export function adoptStyles(): void {
  StyleModule.mount = (_root, modules) => {
    let at = 0;
    for (const each of [modules].flat() as StyleModule[]) {
      const found = mounted.indexOf(each);
      if (found >= 0) at = Math.max(at, found + 1);
      else {
        mounted.splice(at, 0, each);
        at++;
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(each.getRules());
        sheets.set(each, sheet);
      }
    }
    document.adoptedStyleSheets = mounted.map((each) => sheets.get(each)!);
  };
}
