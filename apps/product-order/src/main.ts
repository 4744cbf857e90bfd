import '@quotebridge/platform/instrumentation';
import { productOrderComponent, productOrderSettings } from '@quotebridge/components/product-order';
import { runComponent } from '@quotebridge/tmf/component';

runComponent(productOrderComponent, productOrderSettings, process.env);
