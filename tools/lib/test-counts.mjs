/** A check without tests of its own counts as one. */
export const countCheck = (code) => (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

/**
 * Counts of a jest run, from its `--json` file. A file that could not run, and a run that found no tests or ended
 * badly without a failed test, count as one failure: nothing may look green that did not run. Tests that this machine
 * cannot run are skipped ones.
 */
export const countJest = (text, code) => {
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    return { passed: 0, failed: 1 };
  }
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const odd = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: odd ? 1 : failed, skipped: report.numPendingTests };
};

/** The suites of a jest run from its `--json` file; empty when there is no such file. */
const suitesIn = (text) => {
  try {
    return JSON.parse(text).testResults;
  } catch {
    return [];
  }
};

/** The failed tests of a jest run with what they said, from its `--json` file; empty when there is no such file. */
export const jestFailures = (text) => {
  return suitesIn(text)
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      if (failed.length === 0) return [`${name}\n${message}`];
      return failed.map((one) => `${name}\n  ${one.fullName}\n${one.failureMessages.join('\n')}`);
    });
};

/** The tests of a jest run that were skipped, from its `--json` file: their names say why. */
export const jestSkips = (text) => {
  return suitesIn(text)
    .flatMap((one) => one.assertionResults)
    .filter(({ status }) => status === 'pending')
    .map(({ fullName }) => `skipped: ${fullName}`);
};

/** What the passed tests of a jest run prove, from its `--json` file: a line for each subject, and below it one for each property. */
export const jestProofs = (text) => {
  const subjects = new Map();
  for (const { status, ancestorTitles, title } of suitesIn(text).flatMap((one) => one.assertionResults)) {
    const subject = ancestorTitles.join(', ');
    if (status === 'passed') subjects.set(subject, [...(subjects.get(subject) ?? []), title]);
  }
  return [...subjects].flatMap(([subject, titles]) => [subject, ...titles.map((title) => `  ${title}`)]);
};

/** Counts of a run of Node's test runner, from its TAP output; the same care as {@link countJest}. */
export const countNodeTests = (text, code) => {
  const number = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  const [passed, failed] = [number('pass'), number('fail') + number('cancelled')];
  const odd = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: odd ? 1 : failed };
};

/** The sum of counts; a step that was skipped counts as nothing but that. */
export const sum = (counts) =>
  counts.reduce(
    (all, { passed, failed, skipped = 0 }) => ({
      passed: all.passed + passed,
      failed: all.failed + failed,
      skipped: all.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );

/** How a run ends: what was skipped, when there is any, then the plain line `N passed, N failed` that scripts look for. */
export const closingLines = ({ passed, failed, skipped }) => [
  ...(skipped === 0 ? [] : [`${skipped} skipped, neither passed nor failed`]),
  `${passed} passed, ${failed} failed`,
];
