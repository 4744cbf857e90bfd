/** Subject on which a connector instance tells that one of its streams keeps failing. */
export const alertSubject = (instance: string, stream: string): string =>
  `alerts.connector.${instance}.${stream}`;

/** Subject on which the gateway tells that a call of the business API failed. */
export const callAlertSubject = (operation: string): string => `alerts.gateway.${operation}`;
