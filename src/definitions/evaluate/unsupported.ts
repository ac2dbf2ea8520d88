// Names of functions, and those that are none (spec/definitions.md §4.1.3).

const SUPPORTED = [
  ...['Fn::Base64', 'Fn::GetAtt', 'Fn::GetAZs', 'Fn::ImportValue', 'Fn::Join', 'Fn::Split'],
  ...['Fn::FindInMap', 'Fn::Select', 'Ref', 'Fn::Equals', 'Fn::If', 'Fn::Not', 'Condition', 'Fn::And'],
  ...['Fn::Or', 'Fn::Contains', 'Fn::EachMemberEquals', 'Fn::EachMemberIn', 'Fn::ValueOf'],
  ...['Fn::ValueOfAll', 'Fn::RefAll', 'Fn::Sub', 'Fn::Cidr'],
];
/** What asks AWS about an account (§3.4.1). */
const UNEVALUATED = new Set(['Fn::RefAll', 'Fn::ValueOf', 'Fn::ValueOfAll']);
/** The last two are language extensions (§4.4). */
const KNOWN = new Set([...SUPPORTED, 'Fn::Length', 'Fn::ToJsonString']);

export function isFunction(name: string): boolean {
  return KNOWN.has(name);
}

export function isUnevaluated(name: string): boolean {
  return UNEVALUATED.has(name);
}

export function unsupportedFunction(name: string): string {
  return `Template Error: Encountered unsupported function: ${name} Supported functions are: [${SUPPORTED.join(', ')}]`;
}
