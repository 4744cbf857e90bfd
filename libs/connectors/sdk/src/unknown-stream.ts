/** A stream of this name is not there, or it is switched off. */
export class UnknownStream extends Error {}
