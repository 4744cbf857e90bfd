/** Subject on which a connector instance tells that one of its streams keeps failing. */
export const alertSubject = (instance: string, stream: string): string =>
  `alerts.connector.${instance}.${stream}`;
