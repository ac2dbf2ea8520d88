// What happened to a request of an HTTP API, from the client to the backend and back.
import type { RecordedRequest } from '../../../src/gateway/live/recorded-request.ts';
import type { FunctionCall, Trace } from '../../../src/http-api/explain/trace.ts';
import { LongText } from '../parts/long-text.tsx';
import { AuthorizerStep } from './authorizer-step.tsx';
import { Facts } from './facts.tsx';
import { MappingSteps } from './mapping-steps.tsx';
import { Body } from './recorded-body.tsx';
import { HeaderList, Step } from './step.tsx';

type Bodies = Pick<RecordedRequest, 'requestBody' | 'backendRequestBody' | 'backendReplyBody' | 'replyBody'>;

export function HttpSteps({ trace, bodies }: { readonly trace: Trace; readonly bodies: Bodies }) {
  const { request, authorization, requestMappings, backendRequest, functionCall, serviceCall } = trace;
  const { backendReply, responseMappings, reply, accessLog } = trace;
  return (
    <>
      <Step title="Request" note={`${request.method} ${request.url}`}>
        <HeaderList headers={request.headers} />
        <Body body={bodies.requestBody} />
      </Step>
      <Step title="Route" note={trace.route?.key ?? 'none'}>
        <Facts facts={routeFacts(trace)} />
      </Step>
      {authorization !== undefined && authorization.type !== 'NONE' && (
        <Step title="Authorizer" note={authorization.result}>
          <AuthorizerStep of={authorization} />
        </Step>
      )}
      {requestMappings.length > 0 && (
        <Step title="Request mappings" note={String(requestMappings.length)}>
          <MappingSteps steps={requestMappings} />
        </Step>
      )}
      {backendRequest !== undefined && (
        <Step title="Backend request" note={`${backendRequest.line} to ${backendRequest.origin}`}>
          <HeaderList headers={backendRequest.headers} />
          {bodies.backendRequestBody === undefined && bodies.requestBody !== undefined && (
            <p className="muted">The body is that of the request: HTTP APIs do not change it.</p>
          )}
          <Body body={bodies.backendRequestBody} />
        </Step>
      )}
      {functionCall !== undefined && <FunctionStep call={functionCall} />}
      {serviceCall !== undefined && (
        <Step title="Call of an AWS service" note={serviceCall.operation}>
          <Facts
            facts={[
              ['Region', serviceCall.region],
              ['Role', serviceCall.roleArn],
            ]}
          />
          <TextBody text={JSON.stringify(serviceCall.input)} />
        </Step>
      )}
      {backendReply !== undefined && (
        <Step title="Backend reply" note={String(backendReply.status)}>
          <HeaderList headers={backendReply.headers} />
          {bodies.backendReplyBody === undefined && bodies.replyBody !== undefined && (
            <p className="muted">The body is that of the reply below: HTTP APIs do not change it.</p>
          )}
          <Body body={bodies.backendReplyBody} />
        </Step>
      )}
      {responseMappings.length > 0 && (
        <Step title="Response mappings" note={String(responseMappings.length)}>
          <MappingSteps steps={responseMappings} />
        </Step>
      )}
      <Step title="Reply" note={String(reply.status)}>
        <HeaderList headers={reply.headers} />
        {bodies.replyBody === undefined ? (
          <TextBody text={reply.body} bytes={reply.bodyBytes} />
        ) : (
          <Body body={bodies.replyBody} />
        )}
      </Step>
      {accessLog !== undefined && (
        <Step title="Access log">
          <LongText text={accessLog} />
        </Step>
      )}
    </>
  );
}

function FunctionStep({
  call: { functionArn, format, event, outcome, answer },
}: {
  readonly call: FunctionCall;
}) {
  return (
    <Step title="Call of a function" note={outcome}>
      <Facts
        facts={[
          ['Function', functionArn],
          ['Format', format],
        ]}
      />
      <h4>Event</h4>
      <TextBody text={event} />
      {answer !== undefined && (
        <>
          <h4>Answer</h4>
          <TextBody text={answer} />
        </>
      )}
    </Step>
  );
}

function TextBody({ text, bytes }: { readonly text: string; readonly bytes?: number }) {
  const kept = new TextEncoder().encode(text).length;
  return <Body body={{ bytes: bytes ?? kept, isTruncated: kept < (bytes ?? kept), text }} />;
}

function routeFacts({ domain, stage, route, notes = [] }: Trace): readonly (readonly [string, string])[] {
  const facts: (readonly [string, string])[] = [];
  if (domain !== undefined) {
    facts.push(['Domain', domain.name], [domain.kind === 'rule' ? 'Routing rule' : 'API mapping', domain.id]);
    if (domain.basePath !== '') facts.push(['Base path', domain.basePath]);
  }
  if (stage !== undefined) {
    facts.push(
      ['API', stage.apiId],
      ['Stage', stage.name],
      ['Deployment', stage.deploymentId],
      ['Path', stage.path],
    );
    for (const [name, value] of Object.entries(stage.variables))
      facts.push([`stageVariables.${name}`, value]);
  }
  if (route !== undefined) facts.push(['Route', route.key]);
  for (const [name, value] of Object.entries(route?.variables ?? {})) facts.push([`{${name}}`, value]);
  return [...facts, ...notes.map((note) => ['Note', note] as const)];
}
