import '@quotebridge/platform/instrumentation';
import { salesComponent, salesSettings } from '@quotebridge/components/sales';
import { runComponent } from '@quotebridge/tmf/component';

runComponent(salesComponent, salesSettings, process.env);
