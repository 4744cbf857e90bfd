import { keepsTheLaws } from '../../../../tmf/versions/src/testing/mapper-laws';
import { productMapper } from './index';

keepsTheLaws([{ api: 'TMF637', mapper: productMapper, v4: 'Product' }]);
