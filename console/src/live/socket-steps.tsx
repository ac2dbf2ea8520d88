// What happened to an event of a WebSocket connection.
import { unreachable } from '../../../src/defect.ts';
import type {
  ShownBody,
  SocketRequestStory,
  SocketResponseStory,
  SocketTrace,
  TemplateStory,
} from '../../../src/websocket-api/explain/trace.ts';
import { LongText } from '../parts/long-text.tsx';
import { visibleText } from '../parts/visible-text.ts';
import { Facts } from './facts.tsx';
import { MappingSteps } from './mapping-steps.tsx';
import { Body } from './recorded-body.tsx';
import { HeaderList, Step } from './step.tsx';

export function SocketSteps({ trace }: { readonly trace: SocketTrace }) {
  const { handshake, message, disconnect, selection, route, authorization, validation } = trace;
  const { request, answer, response, reply, posted = [], accessLog } = trace;
  return (
    <>
      {handshake !== undefined && (
        <Step title="Handshake" note={handshake.target}>
          <HeaderList headers={handshake.headers} />
        </Step>
      )}
      {message !== undefined && (
        <Step title="Message">
          <Shown body={message} />
        </Step>
      )}
      {disconnect !== undefined && (
        <Step title="Close" note={String(disconnect.code)}>
          <Facts facts={[['Reason', disconnect.reason || 'none given']]} />
        </Step>
      )}
      <Step title="Route" note={route?.key ?? 'none'}>
        <Facts facts={routeFacts(trace, selection)} />
      </Step>
      <Step title="Connection" note={trace.connectionId} isFolded>
        <Facts facts={connectionFacts(trace)} />
      </Step>
      {authorization !== undefined && authorization.type !== 'NONE' && (
        <Step title="Authorizer" note={authorization.result}>
          <Facts facts={authorizerFacts(authorization)} />
        </Step>
      )}
      {validation !== undefined && (
        <Step title="Model" note={validation.error === undefined ? 'fits' : 'does not fit'}>
          <Facts
            facts={[
              ['Model', validation.model ?? 'none was selected'],
              ...(validation.error === undefined ? [] : [['Error', validation.error] as const]),
            ]}
          />
        </Step>
      )}
      {request !== undefined && <RequestStep story={request} />}
      {answer !== undefined && (
        <Step title="Answer of the backend" note={String(answer.status)}>
          <HeaderList headers={answer.headers} />
          <Shown body={answer} />
        </Step>
      )}
      {response !== undefined && <ResponseStep story={response} />}
      {reply !== undefined && (
        <Step title="Reply" note={String(reply.status)}>
          {reply.subprotocol !== undefined && <Facts facts={[['Subprotocol', reply.subprotocol]]} />}
          <Shown body={reply} />
        </Step>
      )}
      {posted.map((frame, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is never changed
        <Step key={at} title="Sent by @connections">
          <Shown body={frame} />
        </Step>
      ))}
      {accessLog !== undefined && (
        <Step title="Access log">
          <LongText text={accessLog} />
        </Step>
      )}
    </>
  );
}

function RequestStep({ story }: { readonly story: SocketRequestStory }) {
  const { parameters, uri, headers, body, bodyBytes, isBase64Encoded } = story;
  return (
    <Step title="Backend request" note={uri}>
      <Template story={story} />
      {parameters.length > 0 && <MappingSteps steps={parameters} />}
      {headers !== undefined && <HeaderList headers={headers} />}
      {body !== undefined && bodyBytes !== undefined && (
        <Shown body={{ body, bodyBytes, ...(isBase64Encoded === true ? { isBase64Encoded } : {}) }} />
      )}
    </Step>
  );
}

function ResponseStep({ story }: { readonly story: SocketResponseStory }) {
  return (
    <Step title="Integration response" note={story.key ?? 'none fits'}>
      <Template story={story} />
      {story.parameters.length > 0 && <MappingSteps steps={story.parameters} />}
    </Step>
  );
}

function Template({
  story: { templateKey, template, values = [], problem },
}: {
  readonly story: TemplateStory;
}) {
  if (template === undefined) return null;
  const where = problem?.line === undefined ? '' : `line ${problem.line}, column ${problem.column}: `;
  return (
    <>
      <h4>Template {templateKey}</h4>
      <LongText text={template} />
      {values.length > 0 && (
        <Facts
          facts={values.map(({ reference, line, value }) => [
            `${line}: ${reference}`,
            value ?? 'leads nowhere',
          ])}
        />
      )}
      {problem !== undefined && (
        <p className="problem">
          {where}
          {visibleText(problem.message)}
        </p>
      )}
    </>
  );
}

function Shown({ body: { body, bodyBytes, isBase64Encoded } }: { readonly body: ShownBody }) {
  const kept =
    isBase64Encoded === true ? Math.floor((body.length * 3) / 4) : new TextEncoder().encode(body).length;
  return (
    <Body
      body={{
        bytes: bodyBytes,
        isTruncated: kept < bodyBytes,
        ...(isBase64Encoded === true ? { base64: body } : { text: body }),
      }}
    />
  );
}

type Pairs = readonly (readonly [name: string, value: string])[];

function routeFacts({ stage, route }: SocketTrace, selection: SocketTrace['selection']): Pairs {
  return [
    ['API', stage.apiId],
    ['Stage', stage.name],
    ['Deployment', stage.deploymentId],
    ...Object.entries(stage.variables).map(([name, value]) => [`stageVariables.${name}`, value] as const),
    ...(selection === undefined ? [] : [[selection.expression, selection.value || 'nothing'] as const]),
    ...(route === undefined
      ? []
      : [['Route', route.why === undefined ? route.key : `${route.key}: ${route.why}`] as const]),
    ...(route === undefined
      ? []
      : [['Answers', route.isTwoWay ? 'the client gets one' : 'the client gets none'] as const]),
  ];
}

function connectionFacts({ connectionId, connection }: SocketTrace): Pairs {
  const { connectedAt, sourceIp, userAgent, authorizer = {}, userArn } = connection;
  return [
    ['Connection', connectionId],
    ['Connected', new Date(connectedAt).toISOString()],
    ['Address', sourceIp],
    ...(userAgent === undefined ? [] : [['User agent', userAgent] as const]),
    ...(userArn === undefined ? [] : [['Signed by', userArn] as const]),
    ...Object.entries(authorizer).map(([name, value]) => [`authorizer.${name}`, value] as const),
  ];
}

function authorizerFacts({ type, result, authorizer }: NonNullable<SocketTrace['authorization']>): Pairs {
  const facts: [string, string][] = [
    ['Result', result],
    ['Type', type],
  ];
  switch (authorizer?.kind) {
    case undefined:
      return facts;
    case 'lambda':
      return [
        ...facts,
        ['Function', authorizer.functionArn],
        ['Identity from', authorizer.identitySources.join(', ') || 'nothing'],
      ];
    case 'iam':
      return [...facts, ['Action', authorizer.action], ['Resource', authorizer.resource]];
    case 'denying':
      return [...facts, ['Lets nobody in', authorizer.problem]];
    default:
      return unreachable(authorizer);
  }
}
