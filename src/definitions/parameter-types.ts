// Types of parameters (spec/definitions.md §3.1.1). Those of AWS are text, or lists of text: nobody is asked what is there (Choice D15).

const AWS_TYPE = /^AWS(?:::[A-Za-z0-9]+){2,3}$/;
const SSM_VALUE = 'AWS::SSM::Parameter::Value<';

export function isParameterType(type: string): boolean {
  const behind = ssmValueType(type);
  if (behind !== undefined) return ssmValueType(behind) === undefined && isParameterType(behind);
  if (type === 'String' || type === 'Number' || type === 'CommaDelimitedList') return true;
  const item = /^List<(.*)>$/.exec(type)?.[1];
  return item === 'String' || item === 'Number' || AWS_TYPE.test(item ?? type);
}

export function isListType(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<');
}

/** `String` of `AWS::SSM::Parameter::Value<String>`; undefined for another type. */
export function ssmValueType(type: string): string | undefined {
  return type.startsWith(SSM_VALUE) && type.endsWith('>') ? type.slice(SSM_VALUE.length, -1) : undefined;
}
