// One OpenAPI 3.0 document from one model.
import { COMPONENTS } from './components.mjs';
import { pathsOf } from './operations.mjs';
import { schemasOf } from './schemas.mjs';

/** The OpenAPI document of an API in a version. */
export const documentOf = (model) => ({
  openapi: '3.0.3',
  info: {
    title: `${model.api} ${model.title}`,
    version: model.standard,
    description: model.about,
  },
  servers: [{ url: model.base }],
  security: [{ bearer: [] }, { apiKey: [] }],
  tags: [
    ...model.resources.map(({ name, class: className }) => ({
      name,
      description: `${model.classes.get(className).about}.`,
    })),
    { name: 'events', description: 'Subscriptions and the events they bring.' },
  ],
  paths: pathsOf(model),
  components: { schemas: schemasOf(model), ...COMPONENTS },
});
