// Stacks as CloudFormation's API prints them (spec/definitions.md §13).

import type { Change } from '../../definitions/deploy-answer.ts';
import { STACK } from '../../definitions/type-names.ts';
import type { ChangeSetDocument } from '../../resources/stacks/change-sets.ts';
import type { StackDocument, StoredStack } from '../../resources/stacks/stored/stack-document.ts';
import type { XmlValue } from './xml.ts';

const HIDDEN = '****';

const keyed = (
  map: { readonly [key: string]: string },
  key: string,
  value: string,
): readonly { readonly [member: string]: XmlValue }[] =>
  Object.entries(map).map(([name, text]) => ({ [key]: name, [value]: text }));

function printedParameters(
  values: { readonly [name: string]: string },
  secrets: readonly string[],
): XmlValue {
  return Object.entries(values).map(([name, value]) => ({
    ParameterKey: name,
    ParameterValue: secrets.includes(name) ? HIDDEN : value,
  }));
}

export function printedStack(document: StackDocument): XmlValue {
  const { Secrets, Parameters, Outputs, Tags, CreatedDate, LastUpdatedDate } = document;
  return {
    StackId: document.StackId,
    StackName: document.StackName,
    Description: document.Description,
    Parameters: printedParameters(Parameters, Secrets),
    CreationTime: new Date(CreatedDate),
    LastUpdatedTime: document.State === 'UPDATE_COMPLETE' ? new Date(LastUpdatedDate) : undefined,
    StackStatus: document.State,
    DisableRollback: false,
    NotificationARNs: [],
    Capabilities: [],
    Outputs: Object.entries(Outputs).flatMap(([name, { value, description, exportName }]) =>
      value === undefined
        ? []
        : [{ OutputKey: name, OutputValue: value, Description: description, ExportName: exportName }],
    ),
    Tags: keyed(Tags, 'Key', 'Value'),
    EnableTerminationProtection: document.IsProtected === true,
    ParentId: document.Parent,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

/** A stack that a change set is to make. */
export function printedReview({ StackId, StackName, CreationTime, Request }: ChangeSetDocument): XmlValue {
  return {
    StackId,
    StackName,
    CreationTime: new Date(CreationTime),
    StackStatus: 'REVIEW_IN_PROGRESS',
    DisableRollback: false,
    NotificationARNs: [],
    Tags: keyed(Request.tags ?? {}, 'Key', 'Value'),
    EnableTerminationProtection: false,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

export function printedSummary(document: StackDocument): XmlValue {
  return {
    StackId: document.StackId,
    StackName: document.StackName,
    TemplateDescription: document.Description,
    CreationTime: new Date(document.CreatedDate),
    LastUpdatedTime: document.State === 'UPDATE_COMPLETE' ? new Date(document.LastUpdatedDate) : undefined,
    StackStatus: document.State,
    ParentId: document.Parent,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

/** Resources in the order in which they were made. */
export function printedResources({ document, resources }: StoredStack): readonly {
  readonly [member: string]: XmlValue;
}[] {
  const at = new Date(document.LastUpdatedDate);
  return document.Order.flatMap((id) => {
    const resource = resources.get(id);
    if (resource === undefined) return [];
    return [
      {
        LogicalResourceId: id,
        PhysicalResourceId: resource.PhysicalId,
        ResourceType: resource.Type,
        LastUpdatedTimestamp: at,
        Timestamp: at,
        ResourceStatus: document.State,
        DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
      },
    ];
  });
}

const STATUS: { readonly [A in Change['action']]: string } = {
  create: 'CREATE_COMPLETE',
  update: 'UPDATE_COMPLETE',
  replace: 'UPDATE_COMPLETE',
  delete: 'DELETE_COMPLETE',
  retain: 'DELETE_SKIPPED',
};

/** What the last deploy did, newest first; warnings are reasons (§13.2.3). */
export function printedEvents({ document }: StoredStack): readonly XmlValue[] {
  const { StackId, StackName, State, Report, LastUpdatedDate } = document;
  const at = new Date(LastUpdatedDate);
  const event = (n: number, members: { readonly [member: string]: XmlValue }): XmlValue => ({
    StackId,
    EventId: `${StackName}-${at.getTime()}-${n}`,
    StackName,
    ...members,
    Timestamp: at,
  });
  const own = { LogicalResourceId: StackName, PhysicalResourceId: StackId, ResourceType: STACK };
  const changes = (Report?.changes ?? []).map(({ logicalId, type, physicalId, action }, n) =>
    event(n + 1, {
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      ResourceStatus: STATUS[action],
    }),
  );
  const warnings = (Report?.findings ?? [])
    .filter(({ severity }) => severity === 'warning')
    .map(({ text, logicalId, type }, n) =>
      event(n + 1 + changes.length, {
        ...own,
        ...(logicalId !== undefined && { LogicalResourceId: logicalId, PhysicalResourceId: undefined }),
        ...(type !== undefined && { ResourceType: type }),
        ResourceStatus: State,
        ResourceStatusReason: text,
      }),
    );
  return [event(0, { ...own, ResourceStatus: State }), ...warnings, ...changes.toReversed()];
}

export function printedChangeSet(document: ChangeSetDocument): XmlValue {
  const { Request } = document;
  return {
    ChangeSetName: document.ChangeSetName,
    ChangeSetId: document.ChangeSetId,
    StackId: document.StackId,
    StackName: document.StackName,
    Description: document.Description,
    Parameters: printedParameters(Request.parameters ?? {}, document.Secrets),
    CreationTime: new Date(document.CreationTime),
    ExecutionStatus: document.Status === 'FAILED' ? 'UNAVAILABLE' : 'AVAILABLE',
    Status: document.Status,
    StatusReason: document.StatusReason,
    NotificationARNs: [],
    Capabilities: [],
    Tags: keyed(Request.tags ?? {}, 'Key', 'Value'),
    Changes: document.Changes.flatMap(printedChange),
    IncludeNestedStacks: false,
  };
}

function printedChange({ action, logicalId, type, physicalId, members }: Change): readonly XmlValue[] {
  if (action === 'retain') return [];
  const isChange = action === 'update' || action === 'replace';
  return [
    {
      Type: 'Resource',
      ResourceChange: {
        Action: isChange ? 'Modify' : action === 'create' ? 'Add' : 'Remove',
        LogicalResourceId: logicalId,
        PhysicalResourceId: physicalId,
        ResourceType: type,
        Replacement: isChange ? (action === 'replace' ? 'True' : 'False') : undefined,
        Scope: isChange ? ['Properties'] : [],
        Details: members.map(({ name, replaces }) => ({
          Target: {
            Attribute: 'Properties',
            Name: name,
            RequiresRecreation: replaces === true ? 'Always' : 'Never',
          },
          Evaluation: 'Static',
          ChangeSource: 'DirectModification',
        })),
      },
    },
  ];
}
