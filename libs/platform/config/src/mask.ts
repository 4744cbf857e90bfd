/** Hides the credentials inside connection strings, so that a fault or a doc page may show the rest. */
export const maskCredentials = (text: string): string =>
  text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi, '$1***@');
