// The operations that this version answers with 501, and what each will be. docs/compatibility.md is made from it.
import type { OperationName } from '../wire/operation.ts';

/** One sentence for each operation that is not there yet. */
export const notYet = {
  CreatePortal: 'It will create a developer portal.',
  CreatePortalProduct: 'It will create a product of a developer portal.',
  CreateProductPage: 'It will create a page of a portal product.',
  CreateProductRestEndpointPage: 'It will create an endpoint page of a portal product.',
  DeletePortal: 'It will delete a developer portal.',
  DeletePortalProduct: 'It will delete a product of a developer portal.',
  DeletePortalProductSharingPolicy: 'It will delete the sharing policy of a portal product.',
  DeleteProductPage: 'It will delete a page of a portal product.',
  DeleteProductRestEndpointPage: 'It will delete an endpoint page of a portal product.',
  DisablePortal: 'It will take a developer portal off the air.',
  GetPortal: 'It will return a developer portal.',
  GetPortalProduct: 'It will return a product of a developer portal.',
  GetPortalProductSharingPolicy: 'It will return the sharing policy of a portal product.',
  GetProductPage: 'It will return a page of a portal product.',
  GetProductRestEndpointPage: 'It will return an endpoint page of a portal product.',
  ListPortalProducts: 'It will list the products of developer portals.',
  ListPortals: 'It will list the developer portals.',
  ListProductPages: 'It will list the pages of a portal product.',
  ListProductRestEndpointPages: 'It will list the endpoint pages of a portal product.',
  PreviewPortal: 'It will make a preview of a developer portal.',
  PublishPortal: 'It will publish a developer portal.',
  PutPortalProductSharingPolicy: 'It will replace the sharing policy of a portal product.',
  UpdatePortal: 'It will change a developer portal.',
  UpdatePortalProduct: 'It will change a product of a developer portal.',
  UpdateProductPage: 'It will change a page of a portal product.',
  UpdateProductRestEndpointPage: 'It will change an endpoint page of a portal product.',
} as const satisfies Partial<Record<OperationName, string>>;

export type NotYet = keyof typeof notYet;
