// Templates of CloudFormation with plausible values in place of their intrinsic functions, as a deployment would have.

export interface Template {
  readonly Parameters?: { readonly [name: string]: { readonly Default?: unknown } };
  readonly Resources?: {
    readonly [id: string]: {
      readonly Type: string;
      readonly Properties?: { readonly [name: string]: unknown };
    };
  };
}

/** What `AWS::NoValue` stands for: the member is not there. */
const NO_VALUE = Symbol('AWS::NoValue');

const PSEUDO_PARAMETERS: { readonly [name: string]: unknown } = {
  'AWS::AccountId': '123456789012',
  'AWS::NoValue': NO_VALUE,
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::StackName': 'stack',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** A value without intrinsic functions. Conditions hold, but those that say by their name that they do not. */
export function resolve(value: unknown, template: Template): unknown {
  const resolved = (each: unknown): unknown => resolve(each, template);
  if (Array.isArray(value)) return value.map(resolved).filter((each) => each !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && name !== undefined && Object.hasOwn(FUNCTIONS, name)) {
    return FUNCTIONS[name]!(argument, template);
  }
  return Object.fromEntries(
    entries.map(([key, each]) => [key, resolved(each)]).filter(([, each]) => each !== NO_VALUE),
  );
}

type Intrinsic = (argument: unknown, template: Template) => unknown;

const FUNCTIONS: { readonly [name: string]: Intrinsic } = {
  Ref: (name, template) => reference(name as string, template),
  'Fn::GetAtt': (argument, template) => {
    const [id, attribute] = typeof argument === 'string' ? argument.split('.') : (argument as string[]);
    return attributeOf(id!, attribute!, template);
  },
  'Fn::Sub': (argument, template) => {
    const [text, values] = typeof argument === 'string' ? [argument, {}] : (argument as [string, object]);
    const own = resolve(values, template) as { readonly [name: string]: unknown };
    return text.replace(/\$\{([^!}]+)\}/g, (_, name: string) => {
      if (Object.hasOwn(own, name)) return String(own[name]);
      const [id, attribute] = name.split('.');
      return String(
        attribute === undefined ? reference(name, template) : attributeOf(id!, attribute, template),
      );
    });
  },
  'Fn::Join': (argument, template) => {
    const [separator, parts] = argument as [string, readonly unknown[]];
    return (resolve(parts, template) as readonly unknown[]).join(separator);
  },
  'Fn::If': (argument, template) => {
    const [condition, then, otherwise] = argument as [string, unknown, unknown];
    return resolve(condition.startsWith('False') ? otherwise : then, template);
  },
};

function reference(name: string, { Parameters = {}, Resources = {} }: Template): unknown {
  if (Object.hasOwn(PSEUDO_PARAMETERS, name)) return PSEUDO_PARAMETERS[name];
  if (Resources[name]?.Type === 'AWS::Lambda::Alias') return `arn:aws:${FUNCTION}f:${name}`;
  return Parameters[name]?.Default ?? `${name}-id`;
}

const FUNCTION = 'lambda:us-east-1:123456789012:function:';
const ARNS: { readonly [type: string]: string } = {
  'AWS::IAM::Role': 'iam::123456789012:role/',
};

function attributeOf(id: string, attribute: string, { Resources = {} }: Template): string {
  const kind = ARNS[Resources[id]?.Type ?? ''] ?? FUNCTION;
  return attribute === 'Arn' ? `arn:aws:${kind}${id}` : `${id}-${attribute}`;
}
