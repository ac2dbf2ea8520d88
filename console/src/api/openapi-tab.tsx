import { useState } from 'react';
import { Button } from '../parts/button.tsx';
import { CodeBlock } from '../parts/code-block.tsx';
import { useCall } from '../parts/use-call.ts';
import type { TabProps } from './api.tsx';

type Form = 'YAML' | 'JSON';

/** The API as an OpenAPI document (ExportApi): looked at, copied, downloaded. */
export function OpenApiTab({ whole }: TabProps) {
  const { api, stages, region } = whole;
  const [form, setForm] = useState<Form>('YAML');
  const [stageName, setStage] = useState('');
  const [extensions, setExtensions] = useState(true);
  const query = new URLSearchParams({ outputType: form, includeExtensions: String(extensions) });
  if (stageName !== '') query.set('stageName', stageName);
  const isHttp = api.protocolType === 'HTTP';
  const path = isHttp ? `/v2/apis/${api.apiId}/exports/OAS30?${query}` : undefined;
  const { value, error } = useCall<unknown>(path, { region });
  if (!isHttp) {
    return <p className="notice">OpenAPI describes HTTP APIs: a WebSocket API has no export, as on AWS.</p>;
  }
  const text =
    typeof value === 'string' ? value : value === undefined ? undefined : JSON.stringify(value, null, 2);
  const download = (): void => {
    const url = URL.createObjectURL(new Blob([text!], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${api.name.replace(/[^\w.-]+/g, '-') || api.apiId}.${form.toLowerCase()}`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <>
      <div className="row options">
        <label>
          Form{' '}
          <select value={form} onChange={(event) => setForm(event.target.value as Form)}>
            <option>YAML</option>
            <option>JSON</option>
          </select>
        </label>
        <label>
          Of{' '}
          <select value={stageName} onChange={(event) => setStage(event.target.value)}>
            <option value="">the API as it is now</option>
            {stages.map((stage) => (
              <option key={stage.stageName} value={stage.stageName}>
                the stage {stage.stageName}
              </option>
            ))}
          </select>
        </label>
        <label>
          <input
            type="checkbox"
            checked={extensions}
            onChange={(event) => setExtensions(event.target.checked)}
          />
          with integrations and authorizers (x-amazon-apigateway-…)
        </label>
        <span className="spring" />
        <Button disabled={text === undefined} onClick={download}>
          Download
        </Button>
      </div>
      {error !== undefined && (
        <p className="notice bad" role="alert">
          {error}
        </p>
      )}
      {text !== undefined && <CodeBlock text={text} label="OpenAPI document" canCopy />}
    </>
  );
}
