import '@quotebridge/platform/instrumentation';
import { gatewayComponent, gatewaySettings } from '@quotebridge/components/gateway';
import { runComponent } from '@quotebridge/tmf/component';

runComponent(gatewayComponent, gatewaySettings, process.env);
