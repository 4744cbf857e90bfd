import { keepsTheLaws } from '../../../../tmf/versions/src/testing/mapper-laws';
import {
  catalogMapper,
  categoryMapper,
  exportJobMapper,
  importJobMapper,
  productOfferingMapper,
  productOfferingPriceMapper,
  productSpecificationMapper,
} from './index';

keepsTheLaws([
  { api: 'TMF620', mapper: catalogMapper, v4: 'Catalog', v5: 'ProductCatalog' },
  { api: 'TMF620', mapper: categoryMapper, v4: 'Category' },
  { api: 'TMF620', mapper: productOfferingMapper, v4: 'ProductOffering' },
  { api: 'TMF620', mapper: productOfferingPriceMapper, v4: 'ProductOfferingPrice' },
  { api: 'TMF620', mapper: productSpecificationMapper, v4: 'ProductSpecification' },
  { api: 'TMF620', mapper: importJobMapper, v4: 'ImportJob' },
  { api: 'TMF620', mapper: exportJobMapper, v4: 'ExportJob' },
]);
