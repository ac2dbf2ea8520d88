// An OpenAPI document as a stack: one API of it, with a stage that follows (spec/definitions.md §1.1.1).
import type { SourceText } from '../definitions/deploy-request.ts';
import type { SourceContent } from './source.ts';

/** `path` is what the document is called in the template, absolute. */
export function templateOfApi(document: SourceText, path: string): Pick<SourceContent, 'template' | 'files'> {
  const resources = {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { BodyS3Location: path } },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
    },
  };
  const outputs = { Url: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } } };
  const text = JSON.stringify({ Resources: resources, Outputs: outputs });
  return { template: { name: document.name, text }, files: { [path]: document } };
}
