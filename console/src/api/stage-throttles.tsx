import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { call } from '../shell/client.ts';
import { useReadOnly } from '../shell/session.ts';
import type { RouteSettings } from './documents.ts';
import type { StageProps } from './stages-tab.tsx';
import { typedInteger, typedNumber } from './typed-number.ts';
import { fieldOf, useSave } from './use-save.ts';

/** The throttles of a stage: of all its routes, and of single ones. */
export function StageThrottles(props: StageProps) {
  const { whole, stage } = props;
  const own = Object.entries(stage.routeSettings ?? {}).filter(([, settings]) => isThrottled(settings));
  const others = whole.routes
    .map(({ routeKey }) => routeKey)
    .filter((key) => !own.some(([name]) => name === key));
  const [added, setAdded] = useState<string>();
  const addedIsStored = (): void => {
    setAdded(undefined);
    props.reload();
  };
  return (
    <section aria-label={`Throttles of ${stage.stageName}`}>
      <h3>Throttles</h3>
      <Throttle
        {...props}
        key={keyOf(stage.defaultRouteSettings)}
        settings={stage.defaultRouteSettings ?? {}}
      />
      {own.map(([routeKey, settings]) => (
        <Throttle {...props} key={`${routeKey} ${keyOf(settings)}`} routeKey={routeKey} settings={settings} />
      ))}
      {added !== undefined && others.includes(added) && (
        <Throttle {...props} key={`new ${added}`} routeKey={added} settings={{}} reload={addedIsStored} />
      )}
      {others.length > 0 && (
        <AddRoute stageName={stage.stageName} keys={others.filter((key) => key !== added)} onAdd={setAdded} />
      )}
    </section>
  );
}

/** Of a form: what is stored anew is shown anew. */
const keyOf = (settings: RouteSettings | undefined): string => JSON.stringify(settings ?? {});

const isThrottled = ({ throttlingBurstLimit, throttlingRateLimit }: RouteSettings): boolean =>
  throttlingBurstLimit !== undefined || throttlingRateLimit !== undefined;

interface AddRouteProps {
  readonly stageName: string;
  readonly keys: readonly string[];
  readonly onAdd: (routeKey: string) => void;
}

function AddRoute({ stageName, keys, onAdd }: AddRouteProps) {
  const readOnly = useReadOnly();
  return (
    <select
      aria-label={`Throttle a route of ${stageName} by itself`}
      value=""
      disabled={readOnly !== undefined}
      title={readOnly}
      onChange={(event) => event.target.value !== '' && onAdd(event.target.value)}
    >
      <option value="">Throttle a route by itself …</option>
      {keys.map((key) => (
        <option key={key}>{key}</option>
      ))}
    </select>
  );
}

interface ThrottleProps extends StageProps {
  /** Of one route; of all that have none of their own when absent. */
  readonly routeKey?: string;
  readonly settings: RouteSettings;
}

function Throttle({ whole, stage, reload, routeKey, settings }: ThrottleProps) {
  const readOnly = useReadOnly();
  const { isBusy, error, run, forget } = useSave();
  const [rate, setRate] = useState(String(settings.throttlingRateLimit ?? ''));
  const [burst, setBurst] = useState(String(settings.throttlingBurstLimit ?? ''));
  const field = fieldOf(error, [
    ['burst', /burst/i],
    ['rate', /./],
  ]);
  const path = `/v2/apis/${whole.api.apiId}/stages/${encodeURIComponent(stage.stageName)}`;
  const save = async (): Promise<void> => {
    const isSaved = await run(async () => {
      const next = {
        ...(rate === '' ? {} : { throttlingRateLimit: typedNumber('throttlingRateLimit', rate) }),
        ...(burst === '' ? {} : { throttlingBurstLimit: typedInteger('throttlingBurstLimit', burst) }),
      };
      const body =
        routeKey === undefined ? { defaultRouteSettings: next } : { routeSettings: { [routeKey]: next } };
      await call('PATCH', path, body, { region: whole.region });
    });
    if (isSaved) reload();
  };
  const remove = async (): Promise<void> => {
    const one = `${path}/routesettings/${encodeURIComponent(routeKey!)}`;
    if (await run(() => call('DELETE', one, undefined, { region: whole.region }))) reload();
  };
  const isStored = isThrottled(settings);
  return (
    <form
      className="throttle"
      aria-label={`Throttle of ${routeKey ?? 'all routes'} on ${stage.stageName}`}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <span className="code">{routeKey ?? 'all routes'}</span>
      <Field label="Per second" error={field === 'rate' ? error : undefined} disabledBecause={readOnly}>
        {(input) => (
          <input
            {...input}
            inputMode="decimal"
            value={rate}
            onChange={(event) => {
              setRate(event.target.value);
              forget();
            }}
          />
        )}
      </Field>
      <Field label="Burst" error={field === 'burst' ? error : undefined} disabledBecause={readOnly}>
        {(input) => (
          <input
            {...input}
            inputMode="numeric"
            value={burst}
            onChange={(event) => {
              setBurst(event.target.value);
              forget();
            }}
          />
        )}
      </Field>
      <Button type="submit" disabled={isBusy || (rate === '' && burst === '')} disabledBecause={readOnly}>
        Save
      </Button>
      {routeKey !== undefined && isStored && (
        <Button kind="quiet" disabled={isBusy} disabledBecause={readOnly} onClick={() => void remove()}>
          Remove
        </Button>
      )}
    </form>
  );
}
