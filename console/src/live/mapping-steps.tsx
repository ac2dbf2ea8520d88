// The mappings of a trace, each with what it made of what was there.
import type { MappingStep } from '../../../src/stage/mapping-step.ts';
import { visibleText } from '../parts/visible-text.ts';
import { outcomeOf } from '../workbench/lines/outcome.ts';

export function MappingSteps({ steps }: { readonly steps: readonly MappingStep[] }) {
  return (
    <div className="steps-table">
      <table>
        <thead>
          <tr>
            <th scope="col">Mapping</th>
            <th scope="col">Value</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.key} className={step.before === step.after ? 'muted' : undefined}>
              <th scope="row">
                <code>{visibleText(step.key)}</code>
              </th>
              <td>
                <MappedValue step={step} />
              </td>
              <td>{step.before === undefined ? <Nothing /> : <code>{visibleText(step.before)}</code>}</td>
              <td>{step.after === undefined ? <Nothing /> : <code>{visibleText(step.after)}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MappedValue({ step }: { readonly step: MappingStep }) {
  const { value, result } = step;
  const { kind, text } = outcomeOf(step);
  return (
    <>
      {value !== undefined && <code>{visibleText(value)}</code>}
      {(result === undefined || result !== value) && (
        <span className={kind === 'value' ? 'came-to code' : 'came-to muted'}>{visibleText(text)}</span>
      )}
    </>
  );
}

const Nothing = () => <span className="muted">none</span>;
