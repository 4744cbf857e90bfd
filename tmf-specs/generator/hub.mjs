// Subscriptions to events, and the calls that bring the events to the subscriber.
import { errors, headers, parameters, response } from './components.mjs';
import { content, listOf } from './contents.mjs';
import { refTo } from './schemas.mjs';

const HUB_ERRORS = {
  v4: [400, 401, 403, 404, 405, 409, 500],
  v5: [400, 401, 403, 404, 405, 409, 500, 'default'],
};
const HUB_CLASSES = { v4: ['EventSubscription', 'EventSubscriptionInput'], v5: ['Hub', 'Hub_FVO'] };

const callbackOf = (model, type, name) => ({
  '{$request.body#/callback}': {
    post: {
      tags: ['events'],
      operationId: model.version === 'v4' ? `listenTo${type}` : name,
      summary: `Receive ${type}`,
      requestBody: { required: true, content: content(refTo(type)) },
      responses:
        model.version === 'v4'
          ? {
              201: { description: 'The event was received.', content: content(refTo('EventSubscription')) },
              ...errors(...HUB_ERRORS.v4),
            }
          : { 204: response('Received'), ...errors('default') },
    },
  },
});

const callbacksOf = (model) =>
  Object.fromEntries(
    model.resources.flatMap(({ events }) =>
      events.map(({ listener, type }) => [listener, callbackOf(model, type, listener)]),
    ),
  );

/** The paths of the hub; what it calls back with stands beside the subscription. */
export const hubPaths = (model) => {
  const [subscription, input] = HUB_CLASSES[model.version];
  const failures = errors(...HUB_ERRORS[model.version]);
  const id =
    model.version === 'v4'
      ? { create: 'registerListener', delete: 'unregisterListener' }
      : { create: 'createHub', delete: 'hubDelete' };
  const one = { description: 'The subscription.', content: content(refTo(subscription)) };
  const tags = ['events'];
  return {
    '/hub': {
      get: {
        tags,
        operationId: 'hubList',
        summary: 'Find the subscriptions',
        parameters: parameters('offset', 'limit'),
        responses: {
          200: {
            description: 'The subscriptions.',
            headers: headers('X-Total-Count', 'X-Result-Count'),
            content: content(listOf(subscription)),
          },
          ...failures,
        },
      },
      post: {
        tags,
        operationId: id.create,
        summary: 'Subscribe to events',
        requestBody: { required: true, content: content(refTo(input)) },
        responses: { 201: { ...one, headers: headers('Location') }, ...failures },
        callbacks: callbacksOf(model),
      },
    },
    '/hub/{id}': {
      get: {
        tags,
        operationId: 'hubGet',
        summary: 'Read a subscription',
        parameters: parameters('id'),
        responses: { 200: one, ...failures },
      },
      delete: {
        tags,
        operationId: id.delete,
        summary: 'End a subscription',
        parameters: parameters('id'),
        responses: { 204: response('Deleted'), ...failures },
      },
    },
  };
};
