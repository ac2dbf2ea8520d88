// "Copy as": the integration on the bench in the words of other tools.
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import type { Draft } from '../draft/draft.ts';
import type { Subject } from '../draft/stored.ts';
import { asAwsCli } from './aws-cli.ts';
import { asCloudFormation, asOpenApi } from './cloudformation.ts';
import { type Definition, definitionOf } from './definition.ts';
import { asTerraform } from './terraform.ts';

const FORMS: Readonly<Record<string, (definition: Definition) => string>> = {
  'AWS CLI': asAwsCli,
  Terraform: asTerraform,
  CloudFormation: asCloudFormation,
  OpenAPI: asOpenApi,
};

export function CopyAs({ subject, draft }: { readonly subject: Subject; readonly draft: Draft }) {
  const [isOpen, setOpen] = useState(false);
  const [form, setForm] = useState('AWS CLI');
  const forms = Object.keys(FORMS).filter(
    (name) => name !== 'OpenAPI' || subject.api.protocolType === 'HTTP',
  );
  const text = isOpen ? FORMS[form]!(definitionOf(subject, draft)) : '';
  return (
    <>
      <Button onClick={() => setOpen(true)}>Copy as …</Button>
      {isOpen && (
        <Dialog title="Copy the integration" onClose={() => setOpen(false)}>
          <div className="row">
            <Field label="As">
              {(props) => (
                <select {...props} value={form} onChange={(event) => setForm(event.target.value)}>
                  {forms.map((name) => (
                    <option key={name}>{name}</option>
                  ))}
                </select>
              )}
            </Field>
          </div>
          <CodeBlock text={text} label={`The integration as ${form}`} canCopy />
        </Dialog>
      )}
    </>
  );
}
