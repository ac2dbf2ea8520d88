// All rows about OpenAPI documents, by what they are about.
import type { ImportCase, StoryCase } from './openapi-case.ts';
import { openApiDocumentCases, openApiDocumentStories } from './openapi-documents.cases.ts';
import { openApiExportCases } from './openapi-export.cases.ts';
import { openApiExportAnswerCases } from './openapi-export-answers.cases.ts';
import { openApiIntegrationCases } from './openapi-integrations.cases.ts';
import { openApiPartCases } from './openapi-parts.cases.ts';
import { openApiPathCases } from './openapi-paths.cases.ts';
import { openApiFlagCases, openApiReimportCases } from './openapi-reimport.cases.ts';
import { openApiSecurityCases } from './openapi-security.cases.ts';
import { openApiShopCases } from './openapi-shop.cases.ts';
import { openApiTextCases } from './openapi-text.cases.ts';

type Tables<R> = { readonly [what: string]: readonly R[] };

const imports: Tables<ImportCase> = {
  'texts (§14.1)': openApiTextCases,
  'parts beside the paths (§14.2)': openApiPartCases,
  'paths and base paths (§14.3, §14.6)': openApiPathCases,
  'integrations (§14.4)': openApiIntegrationCases,
  'security (§14.5)': openApiSecurityCases,
  'failOnWarnings (§14.7)': openApiFlagCases,
  'whole documents (§15)': openApiDocumentCases,
};
const stories: Tables<StoryCase> = {
  'reimports (§14.7, §14.9)': openApiReimportCases,
  'exports (§14.8)': openApiExportCases,
  'what ExportApi answers (§14.8)': openApiExportAnswerCases,
  'what becomes of whole documents (§15)': openApiDocumentStories,
  'an export and the way back (§15)': openApiShopCases,
};

export const openApiRows = { imports, stories };
