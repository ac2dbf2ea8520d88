// What is shown while there is no API.
import { useState } from 'react';
import type { DeployAnswer } from '../../../src/definitions/deploy-answer.ts';
import type { Trace } from '../../../src/http-api/explain/trace.ts';
import { Button } from '../parts/button.tsx';
import { CodeBlock } from '../parts/code-block.tsx';
import { sentenceOf } from '../shell/call-error.ts';
import { call } from '../shell/client.ts';
import { useMe, useReadOnly } from '../shell/session.ts';
import type { SampleRun } from './sample-result.tsx';
import { SAMPLE_STACK, SAMPLE_TEMPLATE } from './sample-template.ts';

export function FirstApi({ onMade }: { readonly onMade: (run: SampleRun) => void }) {
  const readOnly = useReadOnly();
  const { region } = useMe();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const make = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      onMade(await makeSample());
    } catch (failure) {
      setError(sentenceOf(failure));
      setBusy(false);
    }
  };
  const command = `aws apigatewayv2 create-api --name pets --protocol-type HTTP --target https://example.com \\
  --endpoint-url ${window.location.origin} --region ${region}`;
  return (
    <div className="empty first">
      <h1>There is no API yet</h1>
      <p>
        Begin with a sample: an HTTP API with a function that runs on this machine and a mapping of its
        response. It is deployed as a stack named <code>{SAMPLE_STACK}</code>;{' '}
        <code>postern delete {SAMPLE_STACK}</code> takes it away.
      </p>
      <p>
        <Button kind="primary" disabled={isBusy} disabledBecause={readOnly} onClick={() => void make()}>
          {isBusy ? 'Making it …' : 'Make a sample API'}
        </Button>
      </p>
      {error !== undefined && (
        <p className="notice bad" role="alert">
          {error}
        </p>
      )}
      <h2>Or make your own</h2>
      <p>With the AWS CLI, the SDKs or Terraform, at this address:</p>
      <CodeBlock text={command} label="the command that makes an API" canCopy />
      <p>
        Or deploy what you have: a CloudFormation or SAM template, a CDK app, a Serverless package, an OpenAPI
        document.
      </p>
      <CodeBlock text="npx postern deploy DIRECTORY" label="the command of a deploy" canCopy />
    </div>
  );
}

/** Deploys the sample, and calls it once. */
async function makeSample(): Promise<SampleRun> {
  const answer = await call<DeployAnswer>('POST', '/_postern/stacks', {
    stackName: SAMPLE_STACK,
    template: { name: 'sample of the console', text: SAMPLE_TEMPLATE },
  });
  const endpoint = answer.outcome === 'needs' ? undefined : answer.endpoints[0];
  if (endpoint === undefined) throw new Error('The sample was deployed, and has no address.');
  const url = `${endpoint.url}/hello/you`;
  const trace = await call<Trace>('POST', '/_postern/explain', { method: 'GET', url, headers: [], body: '' });
  return { apiId: endpoint.apiId, url, trace };
}
