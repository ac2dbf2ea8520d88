import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { KeyValueEditor, type Pair } from '../parts/key-value-editor.tsx';
import { call } from '../shell/client.ts';
import { useReadOnly } from '../shell/session.ts';
import type { StageProps } from './stages-tab.tsx';
import { useSave } from './use-save.ts';

/** The variables of a stage, saved by UpdateStage. */
export function StageVariables({ whole, stage, reload }: StageProps) {
  const stored = stage.stageVariables ?? {};
  const readOnly = useReadOnly();
  const { isBusy, error, run, forget } = useSave();
  const [pairs, setPairs] = useState<readonly Pair[]>(Object.entries(stored));
  const wanted = pairs.filter(([name, value]) => name !== '' || value !== '');
  const isChanged = JSON.stringify(wanted) !== JSON.stringify(Object.entries(stored));
  const save = async (): Promise<void> => {
    const path = `/v2/apis/${whole.api.apiId}/stages/${encodeURIComponent(stage.stageName)}`;
    // An update merges; an empty value takes a variable away.
    const gone = Object.keys(stored).map((name) => [name, ''] as const);
    const stageVariables = Object.fromEntries([...gone, ...wanted]);
    if (await run(() => call('PATCH', path, { stageVariables }, { region: whole.region }))) reload();
  };
  const at = error === undefined ? undefined : pairOf(error, wanted);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <KeyValueEditor
        label={`Variables of ${stage.stageName}`}
        pairs={pairs}
        errors={error === undefined || at === undefined ? {} : { [at]: error }}
        disabledBecause={readOnly}
        onChange={(next) => {
          setPairs(next);
          forget();
        }}
      />
      {error !== undefined && at === undefined && (
        <p className="notice bad" role="alert">
          {error}
        </p>
      )}
      <Button
        type="submit"
        kind={isChanged ? 'primary' : undefined}
        disabled={isBusy || !isChanged}
        disabledBecause={readOnly}
      >
        {isBusy ? 'Saving …' : 'Save variables'}
      </Button>
    </form>
  );
}

/** The name of the pair that a sentence is about: AWS's names the name or the value. */
function pairOf(error: string, pairs: readonly Pair[]): string | undefined {
  const names = (text: string): boolean => text !== '' && error.includes(`: ${text}. `);
  return pairs.find(([name, value]) => names(name) || names(value))?.[0];
}
