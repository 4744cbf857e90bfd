import '@quotebridge/platform/instrumentation';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { runComponent } from '@quotebridge/tmf/component';

runComponent(productCatalog, productCatalogSettings, process.env);
