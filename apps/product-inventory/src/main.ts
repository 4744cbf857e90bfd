import '@quotebridge/platform/instrumentation';
import { productInventory, productInventorySettings } from '@quotebridge/components/product-inventory';
import { runComponent } from '@quotebridge/tmf/component';

runComponent(productInventory, productInventorySettings, process.env);
