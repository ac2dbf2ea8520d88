// Lambda, and what is around it.
import { NONE, NOT_KNOWN, type OtherTypes, REF } from './other-type.ts';

const NO_EVENTS = 'no events arrive here from elsewhere';

export const FUNCTION_TYPES: OtherTypes = {
  'AWS::Lambda::Function': {
    ref: (of) => of.name('FunctionName', 64),
    attributes: {
      Arn: (of, ref) => (ref.startsWith('arn:') ? ref : of.arn('lambda', `function:${ref}`)),
      SnapStartResponse: NOT_KNOWN,
      'SnapStartResponse.ApplyOn': NOT_KNOWN,
      'SnapStartResponse.OptimizationStatus': NOT_KNOWN,
    },
    effect: { kind: 'named' },
  },
  // Both lead to the function, whatever version they name: calls find it without its qualifier.
  'AWS::Lambda::Alias': {
    ref: (of) => `${of.functionArn('FunctionName')}:${of.text('Name') ?? of.resource.logicalId}`,
    attributes: { AliasArn: REF },
    effect: { kind: 'named' },
  },
  'AWS::Lambda::Version': {
    ref: (of) => `${of.functionArn('FunctionName')}:1`,
    attributes: { FunctionArn: REF, Version: (_, ref) => ref.slice(ref.lastIndexOf(':') + 1) },
    effect: { kind: 'named' },
  },
  'AWS::Lambda::LayerVersion': {
    ref: (of) => of.arn('lambda', `layer:${of.name('LayerName', 140)}:1`),
    attributes: { LayerVersionArn: REF },
    effect: { kind: 'named' },
  },
  'AWS::Lambda::Permission': {
    ref: (of) => of.physicalName(100),
    attributes: { Id: REF },
    effect: NONE,
  },
  'AWS::Lambda::EventSourceMapping': {
    ref: (of) => of.uuid,
    attributes: {
      Id: REF,
      EventSourceMappingArn: (of, ref) => of.arn('lambda', `event-source-mapping:${ref}`),
    },
    effect: { kind: 'none', why: NO_EVENTS },
  },
  'AWS::Lambda::EventInvokeConfig': {
    ref: (of) => of.physicalName(128),
    attributes: {},
    effect: { kind: 'none', why: NO_EVENTS },
  },
  'AWS::Lambda::Url': {
    ref: (of) => of.functionArn('TargetFunctionArn'),
    attributes: { FunctionArn: REF, FunctionUrl: NOT_KNOWN },
    effect: NONE,
  },
};
