import '@quotebridge/platform/instrumentation';
import { quoteComponent, quoteSettings } from '@quotebridge/components/quote';
import { runComponent } from '@quotebridge/tmf/component';

runComponent(quoteComponent, quoteSettings, process.env);
