import { trace } from '@opentelemetry/api';
import { contextFrom, startTelemetry, traceIdOf, withSpan } from './index';

const SAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('tracing without a receiver', () => {
  it('records nothing, yet requests have trace ids for the logs', async () => {
    const telemetry = await startTelemetry({ service: 'quote', version: '1', sampleRatio: 1 });
    const [recording, id] = await withSpan('work', 'server', {}, undefined, async (inner) => [
      trace.getSpan(inner)?.isRecording(),
      traceIdOf(inner),
    ]);
    const again = await startTelemetry({ service: 'other', version: '0', sampleRatio: 0 });
    await telemetry.stop();
    expect(recording).toBe(false);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(again).toBe(telemetry);
  });

  it('before telemetry is started a span is a plain call with the caller’s context', async () => {
    const context = contextFrom(SAMPLED);
    expect(await withSpan('work', 'internal', {}, context, async (inner) => inner)).toBe(context);
  });
});
