import '@quotebridge/platform/instrumentation';
import { customerComponent, customerSettings } from '@quotebridge/components/customer';
import { runComponent } from '@quotebridge/tmf/component';

runComponent(customerComponent, customerSettings, process.env);
