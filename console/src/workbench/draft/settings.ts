// Settings of an integration that the workbench edits, and which kind of integration has which.
import type { IntegrationDocument } from '../../api/documents.ts';

export const SETTINGS = [
  'integrationUri',
  'integrationMethod',
  'timeoutInMillis',
  'payloadFormatVersion',
  'templateSelectionExpression',
  'passthroughBehavior',
  'contentHandlingStrategy',
] as const;

export type Setting = (typeof SETTINGS)[number];

/** What this kind of integration has. */
export function settingsOf(
  { integrationType: type, integrationSubtype }: IntegrationDocument,
  protocol: 'HTTP' | 'WEBSOCKET',
): readonly Setting[] {
  if (protocol === 'HTTP') {
    if (type === 'HTTP_PROXY') return ['integrationUri', 'integrationMethod', 'timeoutInMillis'];
    if (integrationSubtype !== undefined) return ['timeoutInMillis'];
    return ['integrationUri', 'timeoutInMillis', 'payloadFormatVersion'];
  }
  const isProxy = type === 'AWS_PROXY' || type === 'HTTP_PROXY';
  return [
    ...(type === 'MOCK' ? [] : (['integrationUri', 'integrationMethod'] as const)),
    'timeoutInMillis',
    'contentHandlingStrategy',
    ...(isProxy ? [] : (['templateSelectionExpression', 'passthroughBehavior'] as const)),
  ];
}

/** The name of a member in the API's model, of that on the wire: `IntegrationUri`. */
export const capitalised = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
