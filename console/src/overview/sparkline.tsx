export interface SparklineProps {
  readonly stepSeconds: number;
  readonly calls: readonly number[];
  readonly errors: readonly number[];
}

const WIDTH = 120;
const HEIGHT = 20;

/** Calls over time as a line, with the steps that had errors marked below it; the sums beside it in words. */
export function Sparkline({ calls, errors }: SparklineProps) {
  const most = Math.max(1, ...calls);
  const sum = (list: readonly number[]): number => list.reduce((all, each) => all + each, 0);
  const [all, failed] = [sum(calls), sum(errors)];
  if (all === 0) return <span className="muted">no calls</span>;
  const x = (at: number): number => (at * WIDTH) / Math.max(1, calls.length - 1);
  const y = (value: number): number => 1 + (HEIGHT - 4) * (1 - value / most);
  const points = calls.map((value, at) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return (
    <span className="sparkline">
      <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <polyline points={points} />
        {errors.map((value, at) =>
          value === 0 ? null : (
            // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place.
            <rect key={at} x={x(at) - 1} y={HEIGHT - 3} width={2} height={3} />
          ),
        )}
      </svg>
      <span>
        {all}
        {failed > 0 && <span className="failed"> · {failed} failed</span>}
      </span>
    </span>
  );
}
