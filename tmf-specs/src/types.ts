/** The TM Forum Open APIs this repository has models of. */
export type Api = 'TMF620' | 'TMF622' | 'TMF629' | 'TMF632' | 'TMF637' | 'TMF648' | 'TMF669' | 'TMF699';

/** The two major versions that are served side by side. */
export type ApiVersion = 'v4' | 'v5';

/** The part of an OpenAPI 3.0 schema object that the generated documents use. */
export interface SchemaObject {
  readonly $ref?: string;
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';
  readonly format?: string;
  readonly enum?: readonly (string | number)[];
  readonly description?: string;
  readonly nullable?: boolean;
  readonly minItems?: number;
  readonly items?: SchemaObject;
  readonly properties?: Readonly<Record<string, SchemaObject>>;
  readonly additionalProperties?: SchemaObject | boolean;
  readonly required?: readonly string[];
  readonly allOf?: readonly SchemaObject[];
  readonly oneOf?: readonly SchemaObject[];
  readonly discriminator?: {
    readonly propertyName: string;
    readonly mapping?: Readonly<Record<string, string>>;
  };
}

/** A generated OpenAPI 3.0 document. Paths stay untyped: only tools and the docs page read them. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly servers: readonly { readonly url: string; readonly description?: string }[];
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, SchemaObject>>;
    readonly [section: string]: unknown;
  };
}
