import { productCatalog } from '@quotebridge/components/product-catalog';
import { componentSettings, runComponent } from '@quotebridge/tmf/component';

runComponent(productCatalog, componentSettings, process.env);
