// Two requests: what of them is the same, and the lines in which they differ.
import { Diff } from '../parts/diff.tsx';
import { visibleText } from '../parts/visible-text.ts';
import { type Compared, PARTS } from './compared.ts';

export function Comparison({ one, other }: { readonly one: Compared; readonly other: Compared }) {
  return (
    <div className="comparison">
      <p className="muted">
        <del>−</del> {visibleText(one.title)}
        <br />
        <ins>+</ins> {visibleText(other.title)}
      </p>
      {PARTS.map((name) => {
        const [before, after] = [one.texts[name], other.texts[name]];
        if (before === '' && after === '') return null;
        return (
          <section key={name}>
            <h3>
              {name}
              {before === after && <span className="muted"> is the same</span>}
            </h3>
            {before !== after && (
              <Diff before={visibleText(before)} after={visibleText(after)} label={name} />
            )}
          </section>
        );
      })}
    </div>
  );
}
