import { printMillis, spansOf, type Timed } from './spans.ts';

/** Where the time of a request went. */
export function TimingBar({ of }: { readonly of: Timed }) {
  const spans = spansOf(of);
  const whole = Math.max(
    0.001,
    spans.reduce((sum, { millis }) => sum + millis, 0),
  );
  let from = 0;
  return (
    <div className="timing">
      <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        {spans.map(({ name, millis }) => {
          const width = (millis / whole) * 1000;
          const x = from;
          from += width;
          return <rect key={name} className={`span-${name}`} x={x} y="0" width={width} height="10" />;
        })}
      </svg>
      <ul>
        {spans.map(({ name, millis }) => (
          <li key={name}>
            <span className={`key span-${name}`} aria-hidden="true" />
            {name} {printMillis(millis)}
          </li>
        ))}
        <li>{printMillis(of.millis)} in all</li>
      </ul>
    </div>
  );
}
