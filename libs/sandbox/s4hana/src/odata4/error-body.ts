/** The body of an OData V4 error (OData JSON Format 4.0, 19): a plain message, the property that it is about as target. */
export const errorBodyV4 = (error: {
  readonly code: string;
  readonly message: string;
  readonly paths: readonly string[];
}): object => {
  const [target, ...others] = error.paths;
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(target === undefined ? {} : { target }),
      details: others.map((path) => ({ code: error.code, message: error.message, target: path })),
    },
  };
};
